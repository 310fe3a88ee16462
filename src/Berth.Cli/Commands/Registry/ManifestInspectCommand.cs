using System.Text;
using System.Text.Json;
using Berth.Cli.CommandLine;
using Berth.Cli.Connection;
using Berth.Cli.Formatting;
using Berth.Cli.Logins;
using Berth.Cli.Options;

namespace Berth.Cli.Commands.Registry;

/// <summary>Shows what a registry has under a name. The daemon asks for it, with what it knows of registries.</summary>
sealed class ManifestInspectCommand : Command
{
    private const string Tab = "\t";

    private readonly Flag<bool> _insecure;
    private readonly Flag<bool> _verbose;

    public ManifestInspectCommand()
        : base("[OPTIONS] [MANIFEST_LIST] MANIFEST", ArgumentCount.Between(1, 2))
    {
        _insecure = Flags.Bool("insecure", null, "Allow communication with an insecure registry");
        _verbose = Flags.Bool("verbose", 'v', "Output additional info including layers and platform");
    }

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        // Of two names the first is a list that was made here and not pushed yet: there are none.
        var name = arguments.Count == 1 ? ImageName.Parse(arguments[0]).Tagged : throw new CommandException($"No such manifest: {arguments[1]}");
        var content = Get(session, name);
        if (!_verbose.Value)
        {
            session.Out.WriteLine(JsonIndent.Apply(content, Tab));
            return 0;
        }

        using var document = JsonDocument.Parse(content);
        var manifests = document.RootElement.Items("manifests")
            .Select(m => (Name: name with { Tag = "", Digest = m.Text("digest") }, Platform: m.TryGetProperty("platform", out var p) ? p.GetRawText() : null))
            .ToList();
        var shown = manifests.Count > 0
            ? $"[{string.Join(',', manifests.Select(m => Describe(session, m.Name, m.Platform)))}]"
            : Describe(session, name, null);
        session.Out.WriteLine(JsonIndent.Apply(shown, Tab));
        return 0;
    }

    private string Get(Session session, ImageName name)
    {
        using var response = session.Daemon.Send(new HttpRequest("GET", Target(name, "manifest")) { Headers = RegistryAuthHeader.ForImage(session, name.Repository) });
        return Encoding.UTF8.GetString(session.Daemon.Finish(response));
    }

    /// <param name="platform">As the index tells it; null: the image's configuration does.</param>
    private string Describe(Session session, ImageName name, string? platform)
    {
        var content = Get(session, name);
        using var response = session.Daemon.Send(new HttpRequest("GET", Target(name, "json")) { Headers = RegistryAuthHeader.ForImage(session, name.Repository) });
        using var found = JsonDocument.Parse(session.Daemon.Finish(response));
        var descriptor = found.RootElement.GetProperty("Descriptor");
        platform ??= found.RootElement.Items("Platforms").First().GetRawText();
        var kind = descriptor.Text("mediaType").Contains(".oci.", StringComparison.Ordinal) ? "OCIManifest" : "SchemaV2Manifest";
        return $$"""
            {"Ref":"{{name.Qualified}}","Descriptor":{{descriptor.GetRawText()[..^1]}},"platform":{{platform}}},"Raw":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(content))}}","{{kind}}":{{content}}}
            """;
    }

    private string Target(ImageName name, string what) =>
        new QueryString($"/distribution/{QueryString.Escape(name.ToString())}/{what}").AddIf(_insecure.Value, "insecure").ToString();
}
