using System.Diagnostics;
using Berth.Linux.Events;
using Berth.Runtime.Commands.Arguments;
using Berth.Runtime.Containers;
using Berth.Runtime.Processes;
using Berth.Runtime.State;

namespace Berth.Runtime.Commands;

internal static class DeleteCommand
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    internal static Command Definition { get; } = new()
    {
        Name = "delete",
        Usage = "[command options] <container-id>",
        Summary = "delete any resources held by the container often used with detached container",
        Options = [new("force", 'f', false, "Forcibly deletes the container if it is still running (uses SIGKILL)")],
        Run = Run,
    };

    private static int Run(RuntimeContext context, ParsedArguments arguments)
    {
        var id = arguments.Exactly("delete", 1)[0];
        var force = arguments.Has("force");
        var directory = context.Directory(id);
        var record = directory.TryRead();
        if (record is null)
        {
            if (!force)
            {
                throw StartException.Of("delete", $"container does not exist: {id}");
            }

            RemoveLeft(directory);
            return 0;
        }

        var status = ContainerStatus.Of(directory, record);
        if (!force && status is not (ContainerStatus.Stopped or ContainerStatus.Created))
        {
            throw StartException.Of("delete", $"cannot delete container {id} that is not stopped: {status}");
        }

        ContainerRemoval.Run(directory, record, directory.ReadSpec());
        return 0;
    }

    /// <summary>Removes what a killed create left. Its first process may have the lock for a moment more than the create itself.</summary>
    private static void RemoveLeft(ContainerDirectory directory)
    {
        var start = Stopwatch.GetTimestamp();
        while (directory.IsUnrecorded)
        {
            using var left = directory.TryTakeLeft();
            if (left is not null && directory.IsUnrecorded)
            {
                ContainerRemoval.RunOnLeft(directory);
                return;
            }

            if (Stopwatch.GetElapsedTime(start) > _patience)
            {
                throw StartException.Of("delete", $"container {directory.Id} is being created");
            }

            ShortSleep.For(TimeSpan.FromMilliseconds(1));
        }
    }
}
