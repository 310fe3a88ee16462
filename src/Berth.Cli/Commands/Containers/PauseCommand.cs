using Berth.Cli.CommandLine;
using Berth.Cli.Connection;

namespace Berth.Cli.Commands.Containers;

sealed class PauseCommand() : Command("CONTAINER [CONTAINER...]", ArgumentCount.AtLeast(1))
{
    public override int Run(Session session, IReadOnlyList<string> arguments) =>
        ContainerTargets.Each(session, arguments, container => new HttpRequest("POST", ContainerTargets.Path(container, "pause")));
}
