using System.Globalization;
using Berth.Linux.Native;

namespace Berth.Linux.Cgroups;

public sealed partial class Cgroup
{
    private static readonly TimeSpan _killLimit = TimeSpan.FromSeconds(5);

    /// <summary>Moves a process into the cgroup, in every hierarchy.</summary>
    /// <param name="pid">0: the calling process.</param>
    /// <param name="clonedInto">It was cloned into <see cref="CloneDirectory"/> and is in v2 already.</param>
    /// <remarks>
    /// The first move after a while makes the kernel wait for a grace period of RCU (about 5 ms); those that follow at once do not.
    /// So all files are written in one go, and a caller does well to let other work run beside this.
    /// </remarks>
    public void Add(int pid, bool clonedInto = false)
    {
        var text = pid.ToString(CultureInfo.InvariantCulture);
        foreach (var directory in _directories)
        {
            if (!clonedInto || !directory.Hierarchy.IsUnified)
            {
                directory.Write("cgroup.procs", text);
            }
        }
    }

    /// <summary>The processes in the cgroup and in all below it, in no order.</summary>
    public IReadOnlyList<int> Processes()
    {
        var processes = new HashSet<int>();
        if (_directories.Count > 0)
        {
            // The same processes are in each. The freezer is what they cannot leave; v2 is next best.
            Collect(Find("freezer") ?? _directories[^1], processes);
        }

        return [.. processes];
    }

    /// <summary>How many processes are in the cgroup and below it, in any hierarchy, those of other pid namespaces too.</summary>
    public int CountProcesses() => _directories.Count == 0 ? 0 : _directories.Max(Count);

    /// <returns>False where some are still there when the time is over.</returns>
    public bool WaitUntilEmpty(TimeSpan limit) => WaitUntil(() => CountProcesses() == 0, limit);

    /// <summary>Ends every process in the cgroup and below it with SIGKILL, frozen ones too, and those that they start meanwhile.</summary>
    /// <returns>False where some are still there after five seconds (such as one that waits for a dead disk).</returns>
    public bool Kill()
    {
        var all = _directories.FirstOrDefault(d => d.Hierarchy.IsUnified);
        // Since Linux 5.14 one write ends them all, and no fork escapes it.
        if (all is not null && all.TryWrite("cgroup.kill", "1") is null)
        {
            Find("freezer")?.TryWrite("freezer.state", "THAWED");
        }

        return WaitUntil(() => !KillEach(), _killLimit);
    }

    private bool KillEach()
    {
        var processes = Processes();
        if (processes.Count == 0)
        {
            return false;
        }

        // Frozen, they cannot fork faster than they are killed. SIGKILL reaches a process of v1's freezer when it is thawed.
        var freezer = Find("freezer");
        freezer?.TryWrite("freezer.state", "FROZEN");
        foreach (var process in Processes())
        {
            _ = Libc.kill(process, Libc.SIGKILL);
        }

        freezer?.TryWrite("freezer.state", "THAWED");
        return true;
    }

    private static int Count(CgroupDirectory directory)
    {
        // v2 tells of a whole tree at once, and also where its list of processes cannot be read (a threaded cgroup).
        if (directory.Hierarchy.IsUnified && directory.ReadKey("cgroup.events", "populated") == 0)
        {
            return 0;
        }

        // Each process once: one of another pid namespace has the number 0, as all of that have.
        var count = CountLines(directory);
        foreach (var child in directory.Children())
        {
            using (child)
            {
                count += Count(child);
            }
        }

        return directory.Hierarchy.IsUnified ? Math.Max(count, 1) : count;
    }

    private static int CountLines(CgroupDirectory directory)
    {
        try
        {
            return (directory.TryRead("cgroup.procs") ?? "").Count(c => c == '\n');
        }
        catch (LinuxException e) when (e.Errno is Errno.EOPNOTSUPP)
        {
            // A threaded cgroup; the one above it lists its processes.
            return 0;
        }
    }

    private static void Collect(CgroupDirectory directory, HashSet<int> processes)
    {
        foreach (var line in (directory.TryRead("cgroup.procs") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // 0: a process of another pid namespace, which has no number here.
            if (int.TryParse(line, CultureInfo.InvariantCulture, out var pid) && pid > 0)
            {
                processes.Add(pid);
            }
        }

        foreach (var child in directory.Children())
        {
            using (child)
            {
                Collect(child, processes);
            }
        }
    }
}
