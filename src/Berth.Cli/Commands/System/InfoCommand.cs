using System.Text;
using System.Text.Json;
using Berth.Cli.CommandLine;
using Berth.Cli.Connection;
using Berth.Cli.Formatting;
using Berth.Cli.Options;
using Berth.Cli.Templates;
using Berth.Cli.Templates.Types;

namespace Berth.Cli.Commands.System;

sealed class InfoCommand : Command
{
    private readonly Flag<string> _format;

    public InfoCommand()
        : base("[OPTIONS]", ArgumentCount.None) => _format = FormatOption.Declare(Flags);

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var format = _format.Value == "json" ? "{{json .}}" : _format.Value;
        var template = format.Length == 0 ? null : Listing.Parse(format, "template parsing error");
        if (template is not null)
        {
            return Print(session, template, format);
        }

        session.Out.Write($"Client: {ClientFacts.Product}\n Version:    {BuildFacts.Version}\n Context:    {session.Address.Context}\n Debug Mode: {(session.Flags.Debug.Value ? "true" : "false")}\n\nServer:\n");
        using var info = JsonDocument.Parse(Ask(session));
        InfoPage.Write(session.Out, info.RootElement);
        session.Out.Write("\n");
        foreach (var warning in info.RootElement.Texts("Warnings"))
        {
            session.Warn(warning);
        }

        return 0;
    }

    /// <summary>A template that names nothing of the daemon's is printed without it.</summary>
    private static int Print(Session session, Template template, string format)
    {
        var client = ClientFacts.Info(session);
        CommandException? failure = null;
        JsonDocument? server = null;
        if (NeedsServer(template, format, client))
        {
            try
            {
                server = JsonDocument.Parse(session.Daemon.GetBytes("/info"));
            }
            catch (CommandException unreachable)
            {
                failure = unreachable;
            }
        }

        var text = new StringBuilder();
        try
        {
            template.Execute(
                ClientFacts.Structure("system.dockerInfo", new()
                {
                    ["Info"] = GoValue.PointerTo(GoJsonReader.Read(server?.RootElement ?? default, "system.Info")),
                    ["ClientInfo"] = client,
                }),
                text);
        }
        catch (TemplateException wrong)
        {
            failure = new CommandException(failure is null ? wrong.Message : $"{failure.Message}\n{wrong.Message}");
        }

        session.Out.WriteLine(text.ToString());
        server?.Dispose();
        return failure is null ? 0 : throw failure;
    }

    private static bool NeedsServer(Template template, string format, GoValue client)
    {
        if (!NamesField(format))
        {
            return true;
        }

        try
        {
            template.Execute(ClientFacts.Structure("system.sparseInfo", new() { ["ClientInfo"] = client }));
            return false;
        }
        catch (TemplateException)
        {
            return true;
        }
    }

    private static bool NamesField(string format)
    {
        for (var i = 0; i + 1 < format.Length; i++)
        {
            if (format[i] == '.' && char.IsAsciiLetter(format[i + 1]))
            {
                return true;
            }
        }

        return false;
    }

    private static byte[] Ask(Session session)
    {
        try
        {
            return session.Daemon.GetBytes("/info");
        }
        catch (CommandException failure)
        {
            session.Warn($"ERROR: {failure.Message}");
            throw new CommandException("errors pretty printing info");
        }
    }
}
