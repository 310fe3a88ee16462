using Berth.Runtime.Commands.Arguments;
using Berth.Runtime.Processes;

namespace Berth.Runtime.Commands;

internal static class RunCommand
{
    internal static Command Definition { get; } = new()
    {
        Name = "run",
        Usage = "[command options] <container-id>",
        Summary = "create and run a container",
        Options =
        [
            .. CreationOptions.All,
            new("detach", 'd', false, "detach from the container's process"),
            new("keep", '\0', false, "do not delete the container after it exits"),
            new("no-subreaper", '\0', false, "ignored: the runtime is no subreaper"),
        ],
        EntersContainers = true,
        Run = Run,
    };

    private static int Run(RuntimeContext context, ParsedArguments arguments)
    {
        var id = arguments.Exactly("run", 1)[0];
        var isDetached = arguments.Has("detach");
        var plan = CreationOptions.Plan(context, arguments, id, isDetached);
        using var foreground = isDetached ? null : new Foreground(plan.Stdio.Terminal);
        using var container = CreationOptions.Create(context, arguments, plan);
        foreground?.Forward(container.Process);
        if (container.Start() is { } failure)
        {
            _ = container.Process.Reap();
            container.Undo();
            throw new StartException(failure);
        }

        if (foreground is null)
        {
            return 0;
        }

        var code = foreground.Wait(container.Process, container.ConsoleMaster);
        if (!arguments.Has("keep"))
        {
            container.Undo();
        }

        return code;
    }
}
