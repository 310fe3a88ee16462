using System.Diagnostics;
using Berth.Linux.Native;

namespace Berth.Linux.Cgroups;

public sealed partial class Cgroup
{
    private static readonly TimeSpan _freezeLimit = TimeSpan.FromSeconds(5);

    /// <summary>All processes of the cgroup are stopped where they are.</summary>
    public bool IsFrozen =>
        FreezerDirectory is { } directory
        && (directory.Hierarchy.IsUnified
            ? directory.ReadKey("cgroup.events", "frozen") == 1
            : directory.TryRead("freezer.state")?.Trim() == "FROZEN");

    /// <summary>A process that is moved here stops, because this cgroup or one above it is frozen, in whichever hierarchy.</summary>
    public bool StopsProcesses =>
        _directories.FirstOrDefault(d => d.Hierarchy.IsUnified)?.ReadKey("cgroup.events", "frozen") == 1
        || Find("freezer")?.TryRead("freezer.state")?.Trim() is "FROZEN" or "FREEZING";

    // v2 first, where both are: it freezes reliably, and what it froze can be killed.
    private CgroupDirectory? FreezerDirectory =>
        _directories.FirstOrDefault(d => d.Hierarchy.IsUnified) is { } unified && HasFreezer(unified) ? unified : Find("freezer");

    /// <summary>Stops every process of the cgroup and waits until all have stopped.</summary>
    /// <exception cref="LinuxException">EBUSY: some did not stop within five seconds; all run again.</exception>
    public void Freeze()
    {
        var directory = FreezerDirectory ?? throw new LinuxException("freeze", Errno.EOPNOTSUPP, Path);
        if (!(directory.Hierarchy.IsUnified ? FreezeUnified(directory) : FreezeLegacy(directory)))
        {
            Thaw();
            throw new LinuxException("freeze", Errno.EBUSY, Path);
        }
    }

    public void Thaw()
    {
        var directory = FreezerDirectory ?? throw new LinuxException("thaw", Errno.EOPNOTSUPP, Path);
        if (directory.Hierarchy.IsUnified)
        {
            directory.Write("cgroup.freeze", "0");
        }
        else
        {
            directory.Write("freezer.state", "THAWED");
        }
    }

    private static unsafe bool FreezeUnified(CgroupDirectory directory)
    {
        directory.Write("cgroup.freeze", "1");
        using var events = directory.OpenFile("cgroup.events", Libc.O_RDONLY);
        var start = Stopwatch.GetTimestamp();
        while (directory.ReadKey("cgroup.events", "frozen") != 1)
        {
            var left = _freezeLimit - Stopwatch.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            // A change of the file is POLLPRI for whoever has read it. That is at most a hint here, since another descriptor
            // read the value: hence the short waits.
            var poll = new Libc.pollfd { fd = events.Number, events = Libc.POLLPRI };
            _ = Libc.poll(&poll, 1, (int)Math.Min(left.TotalMilliseconds + 1, 10));
        }

        return true;
    }

    private static bool FreezeLegacy(CgroupDirectory directory)
    {
        var attempt = 0;
        return WaitUntil(
            () =>
            {
                // It may hang in FREEZING when a process forks, or waits in the kernel, at the wrong moment. Thawing and
                // freezing anew gets it out.
                if (attempt++ % 10 == 9)
                {
                    directory.Write("freezer.state", "THAWED");
                }

                directory.Write("freezer.state", "FROZEN");
                return directory.Read("freezer.state").Trim() == "FROZEN";
            },
            _freezeLimit);
    }

    private static bool HasFreezer(CgroupDirectory directory)
    {
        using var file = directory.OpenFile("cgroup.freeze", Libc.O_PATH);
        return !file.IsInvalid;
    }
}
