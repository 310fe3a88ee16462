using Berth.Cli.CommandLine;

namespace Berth.Cli.Commands.Images;

sealed class PullCommand : Command
{
    private readonly Flag<bool> _allTags;
    private readonly Flag<string> _platform;
    private readonly Flag<bool> _quiet;

    public PullCommand()
        : base("[OPTIONS] NAME[:TAG|@DIGEST]", ArgumentCount.Exactly(1))
    {
        _allTags = Flags.Bool("all-tags", 'a', "Download all tagged images in the repository");
        Flags.Bool("disable-content-trust", null, "Skip image verification", initial: true);
        _platform = Flags.String("platform", null, "Set platform if server is multi-platform capable");
        _quiet = Flags.Bool("quiet", 'q', "Suppress verbose output");
    }

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var image = TagChoice.Of(session, arguments[0], _allTags.Value, _quiet.Value);
        ImagePull.Run(session, image, _platform.Value, _quiet.Value, session.Out);
        session.Out.WriteLine(image.Qualified);
        return 0;
    }
}
