using Berth.Runtime.Commands.Arguments;
using Berth.Runtime.Containers;
using Berth.Runtime.Processes;
using Berth.Runtime.State;

namespace Berth.Runtime.Commands;

internal static class StartCommand
{
    internal static Command Definition { get; } = new()
    {
        Name = "start",
        Usage = "<container-id>",
        Summary = "executes the user defined process in a created container",
        Run = Run,
    };

    private static int Run(RuntimeContext context, ParsedArguments arguments)
    {
        var id = arguments.Exactly("start", 1)[0];
        var record = context.Find(id);
        var status = ContainerStatus.Of(context.Directory(id), record);
        if (status is not ContainerStatus.Created)
        {
            throw StartException.Of("start", status is ContainerStatus.Stopped
                ? "cannot start a container that has stopped"
                : $"cannot start an already running container");
        }

        ContainerStart.Run(context.Directory(id), record, context.Directory(id).ReadSpec());
        return 0;
    }
}
