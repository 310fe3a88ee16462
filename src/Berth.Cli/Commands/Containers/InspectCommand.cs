using Berth.Cli.CommandLine;
using Berth.Cli.Connection;
using Berth.Cli.Formatting;
using Berth.Cli.Options;

namespace Berth.Cli.Commands.Containers;

sealed class InspectCommand : Command
{
    private readonly Flag<string> _format;
    private readonly Flag<bool> _size;

    public InspectCommand()
        : base("[OPTIONS] CONTAINER [CONTAINER...]", ArgumentCount.AtLeast(1))
    {
        _format = FormatOption.Declare(Flags);
        _size = Flags.Bool("size", 's', "Display total file sizes");
    }

    public override int Run(Session session, IReadOnlyList<string> arguments) =>
        Inspection.Print(session, arguments, _format.Value, name => (session.Daemon.GetBytes(
            new QueryString(ContainerTargets.Path(name, "json")).AddIf(_size.Value, "size").ToString()), "container.InspectResponse"));
}
