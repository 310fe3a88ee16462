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

    private const int StackSize = 64 * 1024;

    private readonly byte[] _self = Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
    private readonly string? _ownProcesses = TryFindOwn(layout);
    private readonly object _gate = new();
    private Thread? _thread;
    private long _until;
    private bool _isAttentive;

    /// <summary>A move is expected, or was within the last second.</summary>
    internal bool IsAttentive
    {
        get
        {
            lock (_gate)
            {
                return _isAttentive;
            }
        }
    }

    /// <summary>A move is near. It is not waited for here, and where this is not possible nothing is lost but the time.</summary>
    public void Expect()
    {
        if (_ownProcesses is null)
        {
            return;
        }

        lock (_gate)
        {
            _until = time.GetTimestamp() + (long)(_attention.TotalSeconds * time.TimestampFrequency);
            if (_isAttentive)
            {
                return;
            }

            _isAttentive = true;
            Monitor.Pulse(_gate);
            if (_thread is null)
            {
                // Not the pool's: each timer wakes two or three of those, and takes the processors from what is being started.
                _thread = new Thread(Attend, StackSize) { IsBackground = true, Name = "cgroup moves" };
                _thread.Start();
            }
        }
    }

    private void Attend()
    {
        while (true)
        {
            try
            {
                using var processes = File.OpenHandle(_ownProcesses!, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
                do
                {
                    RandomAccess.Write(processes, _self, 0);
                }
                while (Pause());
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Its cgroup was removed or is not ours to write.
            }

            lock (_gate)
            {
                for (_isAttentive = false; !_isAttentive;)
                {
                    Monitor.Wait(_gate);
                }
            }
        }
    }

    /// <returns>False: nothing is expected any more.</returns>
    private bool Pause()
    {
        lock (_gate)
        {
            Monitor.Wait(_gate, _pause);
            return time.GetTimestamp() < _until;
        }
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
