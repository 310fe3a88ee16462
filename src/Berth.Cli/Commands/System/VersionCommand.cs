using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Berth.Cli.CommandLine;
using Berth.Cli.Connection;
using Berth.Cli.Formatting;
using Berth.Cli.Options;
using Berth.Cli.Templates;
using Berth.Cli.Templates.Types;

namespace Berth.Cli.Commands.System;

sealed class VersionCommand : Command
{
    private const int NarrowestColumn = 20;

    private readonly Flag<string> _format;

    public VersionCommand()
        : base("[OPTIONS]", ArgumentCount.None) => _format = FormatOption.Declare(Flags);

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var format = _format.Value == "json" ? "{{json .}}" : _format.Value;
        var template = format.Length == 0 ? null : Listing.Parse(format, "template parsing error", name: "version");
        JsonDocument? server = null;
        CommandException? failure = null;
        try
        {
            server = Readable(session.Daemon.GetBytes("/version"));
        }
        catch (CommandException unreachable)
        {
            failure = unreachable;
        }

        if (template is null)
        {
            session.Out.Write(TextTable.Align(Text(session, server?.RootElement), NarrowestColumn, padding: 1));
            return failure is null ? 0 : throw failure;
        }

        var text = new StringBuilder();
        try
        {
            template.Execute(Facts(session, server?.RootElement), text);
        }
        catch (TemplateException wrong)
        {
            failure ??= new CommandException(wrong.Message);
        }

        session.Out.Write(TextTable.Align($"{text}\n", NarrowestColumn, padding: 1));
        return failure is null ? 0 : throw failure;
    }

    /// <summary>The daemon's facts, with the time of the engine's build as people write it.</summary>
    private static JsonDocument Readable(byte[] json)
    {
        var facts = JsonNode.Parse(json)!;
        foreach (var component in facts["Components"] as JsonArray ?? [])
        {
            if ((string?)component?["Name"] == "Engine" && component["Details"] is JsonObject details && (string?)details["BuildTime"] is { } built
                && GoInstant.Parse(built) is { IsZero: false } time)
            {
                details["BuildTime"] = time.Format("Mon Jan _2 15:04:05 2006");
            }
        }

        return JsonDocument.Parse(facts.ToJsonString());
    }

    private static GoValue Facts(Session session, JsonElement? server) => ClientFacts.Structure("system.versionInfo", new()
    {
        ["Client"] = ClientFacts.Version(session.Daemon.Version, session.Address.Context),
        ["Server"] = GoJsonReader.Read(server ?? default, "*types.Version"),
    });

    private static string Text(Session session, JsonElement? server)
    {
        var text = new StringBuilder()
            .Append("Client: ").Append(ClientFacts.Product).Append("\n Version:\t").Append(BuildFacts.Version)
            .Append("\n API version:\t").Append(ApiVersion(session.Daemon.Version))
            .Append("\n .NET version:\t").Append(Environment.Version)
            .Append("\n Git commit:\t").Append(BuildFacts.Commit)
            .Append("\n OS/Arch:\tlinux/").Append(ClientFacts.Architecture)
            .Append("\n Context:\t").Append(session.Address.Context)
            .Append('\n');
        if (server is not { } known)
        {
            return text.ToString();
        }

        var platform = known.TryGetProperty("Platform", out var named) ? named.Text("Name") : "";
        text.Append("\nServer:").Append(platform.Length > 0 ? " " : "").Append(platform).Append('\n');
        foreach (var component in known.Items("Components"))
        {
            text.Append(' ').Append(component.Text("Name")).Append(":\n  Version:\t").Append(component.Text("Version")).Append('\n');
            if (component.Text("Name") != "Engine")
            {
                foreach (var detail in component.Members("Details").OrderBy(detail => detail.Name, StringComparer.Ordinal))
                {
                    text.Append("  ").Append(detail.Name).Append(":\t").Append(detail.Value).Append('\n');
                }

                continue;
            }

            var details = component.TryGetProperty("Details", out var told) ? told : default;
            text.Append("  API version:\t").Append(details.Text("ApiVersion"))
                .Append(" (minimum version ").Append(details.Text("MinAPIVersion")).Append(")\n")
                .Append(details.Text("GoVersion") is ['.', 'N', 'E', 'T', ' ', .. var runtime] ? $"  .NET version:\t{runtime}\n" : $"  Go version:\t{details.Text("GoVersion")}\n")
                .Append("  Git commit:\t").Append(details.Text("GitCommit")).Append('\n')
                .Append("  Built:\t").Append(details.Text("BuildTime")).Append('\n')
                .Append("  OS/Arch:\t").Append(details.Text("Os")).Append('/').Append(details.Text("Arch")).Append('\n')
                .Append("  Experimental:\t").Append(details.Text("Experimental")).Append('\n');
        }

        return text.ToString();
    }

    private static string ApiVersion(string agreed) =>
        agreed == DaemonClient.NewestVersion ? agreed : $"{agreed} (downgraded from {DaemonClient.NewestVersion})";
}
