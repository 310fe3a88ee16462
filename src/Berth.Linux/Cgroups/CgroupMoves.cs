using System.Globalization;
using System.Text;

namespace Berth.Linux.Cgroups;

/// <summary>Makes moves of processes between cgroups of v1 quick for a moment.</summary>
/// <remarks>
/// The first move after a while waits for a grace period of RCU (5 to 15 ms: the kernel turns its lock of all forks from cheap
/// reading to writing, cgroup_threadgroup_rwsem), and those that follow within the next grace period do not. One that expects
/// moves makes some to nowhere: the first while other work is done, and more as long as further ones are likely. They take no lock
/// from anyone for longer than a move to somewhere would.
/// </remarks>
/// <param name="layout">The machine's hierarchies. On v2 alone a process is cloned into its cgroup, and nothing is moved.</param>
/// <param name="time">What the pauses are measured with.</param>
public sealed class CgroupMoves(CgroupLayout layout, TimeProvider time)
{
    /// <summary>How long one expectation holds: whoever starts one process often starts the next soon.</summary>
    private static readonly TimeSpan _attention = TimeSpan.FromSeconds(1);

    /// <summary>Less than a grace period lasts.</summary>
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(4);

    private readonly byte[] _self = Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
    private readonly string? _ownProcesses = TryFindOwn(layout);
    private long _until;
    private int _isAttentive;

    /// <summary>Completes when no move is expected any more.</summary>
    internal Task Settled { get; private set; } = Task.CompletedTask;

    /// <summary>A move is near. It is not waited for here, and where this is not possible nothing is lost but the time.</summary>
    public void Expect()
    {
        if (_ownProcesses is null)
        {
            return;
        }

        Volatile.Write(ref _until, time.GetTimestamp() + (long)(_attention.TotalSeconds * time.TimestampFrequency));
        if (Interlocked.Exchange(ref _isAttentive, 1) == 0)
        {
            Settled = Task.Run(AttendAsync);
        }
    }

    private async Task AttendAsync()
    {
        try
        {
            using var processes = File.OpenHandle(_ownProcesses!, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            while (time.GetTimestamp() < Volatile.Read(ref _until))
            {
                RandomAccess.Write(processes, _self, 0);
                await Task.Delay(_pause, time);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Its cgroup was removed or is not ours to write.
        }

        Volatile.Write(ref _isAttentive, 0);
    }

    /// <summary>The cgroup.procs of this process's own cgroup in a hierarchy of v1 (cgroups(7), /proc/PID/cgroup).</summary>
    private static string? TryFindOwn(CgroupLayout layout)
    {
        if (layout.IsPureUnified || layout.Find("pids") is not { IsUnified: false } hierarchy)
        {
            return null;
        }

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
