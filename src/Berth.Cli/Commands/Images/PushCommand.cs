using Berth.Cli.CommandLine;
using Berth.Cli.Connection;
using Berth.Cli.Logins;
using Berth.Cli.Options;
using Berth.Cli.Streams;
using Berth.Linux.Terminals;

namespace Berth.Cli.Commands.Images;

sealed class PushCommand : Command
{
    private readonly Flag<bool> _allTags;
    private readonly Flag<string> _platform;
    private readonly Flag<bool> _quiet;
    private readonly ContentTrust _trust;

    public PushCommand()
        : base("[OPTIONS] NAME[:TAG]", ArgumentCount.Exactly(1))
    {
        _allTags = Flags.Bool("all-tags", 'a', "Push all tags of an image to the repository");
        _trust = new ContentTrust(Flags, "Skip image signing");
        _platform = Flags.String(
            "platform",
            null,
            """
            Push a platform-specific manifest as a single-platform image to the registry.
            Image index won't be pushed, meaning that other manifests, including attestations won't be preserved.
            'os[/arch[/variant]]': Explicit platform (eg. linux/amd64)
            """);
        _quiet = Flags.Bool("quiet", 'q', "Suppress verbose output");
    }

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        _trust.Check();
        var image = TagChoice.Of(session, arguments[0], _allTags.Value, _quiet.Value);
        var target = new QueryString($"/images/{QueryString.Escape(image.Digest.Length > 0 ? image.ToString() : image.Repository)}/push")
            .AddNonEmpty("tag", image.Tag)
            .AddNonEmpty("platform", _platform.Value.Length > 0 ? PlatformOption.ToJson(_platform.Value) : "");
        using var response = session.Daemon.Send(new HttpRequest("POST", target.ToString())
        {
            Headers = RegistryAuthHeader.ForImage(session, image.Repository),
        });
        var shown = _quiet.Value ? new OutputWriter(Stream.Null) : session.Out;
        ProgressMessages.To(shown, StandardDescriptor.Output).Print(response.Body);
        if (_quiet.Value)
        {
            session.Out.WriteLine(image.Qualified);
        }

        return 0;
    }
}
