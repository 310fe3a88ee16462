using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Berth.Cli.CommandLine;
using Berth.Cli.Connection;
using Berth.Cli.Formatting;
using Berth.Cli.Options;
using Berth.Cli.Templates;

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
        var template = format.Length == 0 ? null : Listing.Parse(format, "template parsing error");
        JsonDocument? server = null;
        CommandException? failure = null;
        try
        {
            server = JsonDocument.Parse(session.Daemon.GetBytes("/version"));
        }
        catch (CommandException unreachable)
        {
            failure = unreachable;
        }

        session.Out.Write(template is null
            ? TextTable.Align(Text(session.Daemon.Version, server?.RootElement), NarrowestColumn, padding: 1)
            : template.Execute(JsonMap.From(Json(session.Daemon.Version, server?.RootElement), GoZero.Of)) + "\n");
        return failure is null ? 0 : throw failure;
    }

    private static string Text(string api, JsonElement? server)
    {
        var text = new StringBuilder()
            .Append("Client:\n Version:\t").Append(BuildFacts.Version)
            .Append("\n API version:\t").Append(ApiVersion(api))
            .Append("\n .NET version:\t").Append(Environment.Version)
            .Append("\n Git commit:\t").Append(BuildFacts.Commit)
            .Append("\n OS/Arch:\tlinux/").Append(Architecture)
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
                .Append("  Go version:\t").Append(details.Text("GoVersion")).Append('\n')
                .Append("  Git commit:\t").Append(details.Text("GitCommit")).Append('\n')
                .Append("  Built:\t").Append(details.Text("BuildTime")).Append('\n')
                .Append("  OS/Arch:\t").Append(details.Text("Os")).Append('/').Append(details.Text("Arch")).Append('\n')
                .Append("  Experimental:\t").Append(details.Text("Experimental")).Append('\n');
        }

        return text.ToString();
    }

    private static string ApiVersion(string agreed) =>
        agreed == DaemonClient.NewestVersion ? agreed : $"{agreed} (downgraded from {DaemonClient.NewestVersion})";

    private static string Architecture => RuntimeInformation.ProcessArchitecture switch
    {
        global::System.Runtime.InteropServices.Architecture.X64 => "amd64",
        global::System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        var other => other.ToString().ToLowerInvariant(),
    };

    private static JsonElement Json(string api, JsonElement? server)
    {
        using var memory = new MemoryStream();
        using (var writer = new Utf8JsonWriter(memory))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("Client");
            writer.WriteString("Version", BuildFacts.Version);
            writer.WriteString("ApiVersion", api);
            writer.WriteString("DefaultAPIVersion", DaemonClient.NewestVersion);
            writer.WriteString("GitCommit", BuildFacts.Commit);
            writer.WriteString("GoVersion", $".NET {Environment.Version}");
            writer.WriteString("Os", "linux");
            writer.WriteString("Arch", Architecture);
            writer.WriteString("Context", "default");
            writer.WriteEndObject();
            writer.WritePropertyName("Server");
            if (server is { } known)
            {
                known.WriteTo(writer);
            }
            else
            {
                writer.WriteNullValue();
            }

            writer.WriteEndObject();
        }

        return JsonDocument.Parse(memory.ToArray()).RootElement;
    }
}
