using System.Diagnostics;
using Berth.Linux.Cgroups;
using Berth.Linux.Events;
using Berth.Linux.Processes;
using Berth.Oci.Runtime;
using Berth.Runtime.Cgroups;
using Berth.Runtime.Hooks;
using Berth.Runtime.Processes;
using Berth.Runtime.State;

namespace Berth.Runtime.Containers;

/// <summary>Ends what is left of a container and removes all that was made for it.</summary>
internal static class ContainerRemoval
{
    private const int Kill = 9;
    private const int PatienceMilliseconds = 10_000;

    /// <param name="cgroup">The container's cgroup, where the caller has it open.</param>
    internal static void Run(ContainerDirectory directory, ContainerRecord record, OciSpec spec, Cgroup? cgroup = null)
    {
        EndFirstProcess(record);
        if (record.Cgroup is { } path)
        {
            using var opened = cgroup is null ? Cgroup.TryOpen(CgroupLayout.Machine, path) : null;
            if ((cgroup ?? opened) is { } found)
            {
                // With a pid namespace of its own nothing has survived the first process; with a shared one its children may have.
                ContainerProcesses.KillAll(record, found);
                if (record.MountNamespace is null)
                {
                    found.Remove();
                }

                if (Path.GetDirectoryName(path) == CgroupPath.DefaultParent)
                {
                    Cgroup.RemoveIfEmpty(CgroupLayout.Machine, CgroupPath.DefaultParent);
                }
            }
        }

        var state = ContainerStatus.State(directory, record);
        directory.Remove();
        try
        {
            HookRunner.Run(spec.Hooks?.Poststop, state);
        }
        catch (StartException)
        {
            // The specification: a failing poststop hook is no reason to keep anything (runtime.md, "Lifecycle", 13).
        }
    }

    /// <summary>Removes what is left of a creation whose process was killed. The first process ends by itself then.</summary>
    internal static void RunOnLeft(ContainerDirectory directory)
    {
        if (directory.TryReadSpec() is { } spec && CgroupLayout.Machine.Hierarchies.Count > 0)
        {
            RemoveLeftCgroup(CgroupPath.Resolve(spec.Linux?.CgroupsPath, directory.Id));
        }

        directory.Remove();
    }

    // Nothing in it is killed, and nothing below it is touched: it may have been others' before, so that the creation would have failed.
    private static void RemoveLeftCgroup(string path)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            Cgroup.RemoveIfEmpty(CgroupLayout.Machine, path);
            using var left = Cgroup.TryOpen(CgroupLayout.Machine, path);
            if (left is null)
            {
                break;
            }

            if (Stopwatch.GetElapsedTime(start).TotalMilliseconds > PatienceMilliseconds)
            {
                return;
            }

            ShortSleep.For(TimeSpan.FromMilliseconds(1));
        }

        if (Path.GetDirectoryName(path) == CgroupPath.DefaultParent)
        {
            Cgroup.RemoveIfEmpty(CgroupLayout.Machine, CgroupPath.DefaultParent);
        }
    }

    private static void EndFirstProcess(ContainerRecord record)
    {
        using var process = ProcessHandle.TryOpen(record.Pid);
        if (process is null || !ContainerStatus.IsAlive(record))
        {
            return;
        }

        _ = process.TrySignal(Kill);
        using var events = new EventQueue();
        events.Add(process.Descriptor, 0, ReadyEvents.Readable);
        _ = events.Wait(PatienceMilliseconds);
    }
}
