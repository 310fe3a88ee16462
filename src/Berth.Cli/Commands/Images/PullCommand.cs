using Berth.Cli.CommandLine;
using Berth.Cli.Options;

namespace Berth.Cli.Commands.Images;

sealed class PullCommand : Command
{
    private readonly Flag<bool> _allTags;
    private readonly Flag<string> _platform;
    private readonly Flag<bool> _quiet;
    private readonly ContentTrust _trust;

    public PullCommand()
        : base("[OPTIONS] NAME[:TAG|@DIGEST]", ArgumentCount.Exactly(1))
    {
        _allTags = Flags.Bool("all-tags", 'a', "Download all tagged images in the repository");
        _trust = new ContentTrust(Flags, "Skip image verification");
        _platform = PlatformOption.Declare(Flags);
        _quiet = Flags.Bool("quiet", 'q', "Suppress verbose output");
    }

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        _trust.Check();
        var image = TagChoice.Of(session, arguments[0], _allTags.Value, _quiet.Value);
        ImagePull.Run(session, image, _platform.Value, _quiet.Value, session.Out);
        session.Out.WriteLine(image.Qualified);
        return 0;
    }
}
