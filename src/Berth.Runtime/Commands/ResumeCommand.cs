using Berth.Runtime.Commands.Arguments;
using Berth.Runtime.Processes;
using Berth.Runtime.State;

namespace Berth.Runtime.Commands;

internal static class ResumeCommand
{
    internal static Command Definition { get; } = new()
    {
        Name = "resume",
        Usage = "<container-id>",
        Summary = "resumes all processes that have been previously paused",
        Run = Run,
    };

    private static int Run(RuntimeContext context, ParsedArguments arguments)
    {
        var id = arguments.Exactly("resume", 1)[0];
        var record = context.Find(id);
        if (ContainerStatus.Of(context.Directory(id), record) is not ContainerStatus.Paused)
        {
            throw StartException.Of("resume", "container not paused");
        }

        using var cgroup = ContainerCgroup.Open(record);
        cgroup.Thaw();
        return 0;
    }
}
