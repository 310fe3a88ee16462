using System.Text.Json;
using Berth.Cli.CommandLine;
using Berth.Cli.Connection;
using Berth.Cli.Formatting;
using Berth.Cli.Options;
using Berth.Cli.Templates;

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
        if (template is null)
        {
            session.Out.Write($"Client:\n Version:    {BuildFacts.Version}\n Context:    default\n Debug Mode: {(session.Flags.Debug.Value ? "true" : "false")}\n\nServer:\n");
        }

        using var info = JsonDocument.Parse(Ask(session, shown: template is null));
        if (template is not null)
        {
            session.Out.WriteLine(template.Execute(JsonMap.From(info.RootElement, GoZero.Of)));
            return 0;
        }

        InfoPage.Write(session.Out, info.RootElement);
        session.Out.Write("\n");
        foreach (var warning in info.RootElement.Texts("Warnings"))
        {
            session.Warn(warning);
        }

        return 0;
    }

    private static byte[] Ask(Session session, bool shown)
    {
        try
        {
            return session.Daemon.GetBytes("/info");
        }
        catch (CommandException failure) when (shown)
        {
            session.Warn($"ERROR: {failure.Message}");
            throw new CommandException("errors pretty printing info");
        }
    }
}
