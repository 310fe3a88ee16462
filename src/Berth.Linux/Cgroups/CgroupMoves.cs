using System.Globalization;

namespace Berth.Linux.Cgroups;

/// <summary>Makes moves of processes between cgroups quick for a moment.</summary>
/// <remarks>
/// The first move after a while waits for a grace period of RCU (5 to 15 ms: the kernel turns its lock of all forks from cheap
/// reading to writing, cgroup_threadgroup_rwsem), and those that follow soon do not. One that knows that a move is near makes a
/// move to nowhere ahead of it, and so waits while other work is done. It takes no lock from anyone meanwhile.
/// </remarks>
public sealed class CgroupMoves
{
    private readonly string? _ownProcesses;

    public CgroupMoves(CgroupLayout layout)
    {
        // On v2 alone a process is cloned into its cgroup, and nothing is moved.
        if (!layout.IsPureUnified && layout.Find("pids") is { IsUnified: false } hierarchy)
        {
            _ownProcesses = TryFindOwn(hierarchy);
        }
    }

    /// <summary>Moves this process to where it is, on another thread, and does not wait for it. Where that is not possible nothing is lost but the time.</summary>
    public void Anticipate()
    {
        if (_ownProcesses is not null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static moves => moves.Move(), this, preferLocal: false);
        }
    }

    internal void Move()
    {
        if (_ownProcesses is null)
        {
            return;
        }

        try
        {
            File.WriteAllText(_ownProcesses, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Its cgroup was removed or is not ours to write.
        }
    }

    /// <summary>The cgroup.procs of this process's own cgroup in the hierarchy (cgroups(7), /proc/PID/cgroup).</summary>
    private static string? TryFindOwn(CgroupHierarchy hierarchy)
    {
        foreach (var line in File.ReadLines("/proc/self/cgroup"))
        {
            if (line.Split(':', 3) is [_, var controllers, var path] && controllers.Split(',').Contains(hierarchy.Controllers[0]))
            {
                return $"{hierarchy.MountPoint}{path.TrimEnd('/')}/cgroup.procs";
            }
        }

        return null;
    }
}
