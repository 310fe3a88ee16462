using Berth.Cli.CommandLine;
using Berth.Cli.Connection;

namespace Berth.Cli.Commands.Containers;

sealed class KillCommand : Command
{
    private readonly Flag<string> _signal;

    public KillCommand()
        : base("[OPTIONS] CONTAINER [CONTAINER...]", ArgumentCount.AtLeast(1)) =>
        _signal = Flags.String("signal", 's', "Signal to send to the container");

    public override int Run(Session session, IReadOnlyList<string> arguments) =>
        ContainerTargets.Each(session, arguments, container => new HttpRequest(
            "POST",
            new QueryString(ContainerTargets.Path(container, "kill")).AddNonEmpty("signal", _signal.Value).ToString()));
}
