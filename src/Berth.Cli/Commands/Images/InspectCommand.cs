using Berth.Cli.CommandLine;
using Berth.Cli.Connection;
using Berth.Cli.Formatting;
using Berth.Cli.Options;

namespace Berth.Cli.Commands.Images;

sealed class InspectCommand : Command
{
    private readonly Flag<string> _format;
    private readonly Flag<string> _platform;

    public InspectCommand()
        : base("[OPTIONS] IMAGE [IMAGE...]", ArgumentCount.AtLeast(1))
    {
        _format = FormatOption.Declare(Flags);
        _platform = Flags.String(
            "platform",
            null,
            """
            Inspect a specific platform of the multi-platform image.
            If the image or the server is not multi-platform capable, the command will error out if the platform does not match.
            'os[/arch[/variant]]': Explicit platform (eg. linux/amd64)
            """);
    }

    public override int Run(Session session, IReadOnlyList<string> arguments) =>
        Inspection.Print(session, arguments, _format.Value, name => (session.Daemon.GetBytes(
            new QueryString($"/images/{QueryString.Escape(name)}/json").AddNonEmpty("platform", _platform.Value).ToString()), "image.InspectResponse"));
}
