using Berth.Runtime.Commands.Arguments;
using Berth.Runtime.Processes;
using Berth.Runtime.State;

namespace Berth.Runtime.Commands;

internal static class PauseCommand
{
    internal static Command Definition { get; } = new()
    {
        Name = "pause",
        Usage = "<container-id>",
        Summary = "pause suspends all processes inside the container",
        Run = Run,
    };

    private static int Run(RuntimeContext context, ParsedArguments arguments)
    {
        var id = arguments.Exactly("pause", 1)[0];
        var record = context.Find(id);
        var status = ContainerStatus.Of(context.Directory(id), record);
        if (status is not (ContainerStatus.Running or ContainerStatus.Created))
        {
            throw StartException.Of("pause", $"container not running or created: {status}");
        }

        using var cgroup = ContainerCgroup.Open(record);
        cgroup.Freeze();
        return 0;
    }
}
