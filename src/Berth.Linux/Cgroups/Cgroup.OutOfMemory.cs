namespace Berth.Linux.Cgroups;

public sealed partial class Cgroup
{
    /// <summary>Begins to watch for memory that runs out; null where the machine cannot say.</summary>
    public OutOfMemoryWatch? TryWatchOutOfMemory() => Find("memory") is { } memory ? OutOfMemoryWatch.TryOpen(memory) : null;

    /// <summary>How many processes of the cgroup, and of those below it, the kernel has ended for want of memory. One small read; 0 where memory is not controlled.</summary>
    public long CountOutOfMemoryKills() => Find("memory") is { } memory ? CountKills(memory) : 0;

    // v2 counts what is below in its parents' files too; v1 does not (mm/memcontrol.c, memcg_memory_event).
    private static long CountKills(CgroupDirectory directory)
    {
        if (directory.Hierarchy.IsUnified)
        {
            return directory.ReadKey("memory.events", "oom_kill");
        }

        var kills = directory.ReadKey("memory.oom_control", "oom_kill");
        foreach (var child in directory.Children())
        {
            using (child)
            {
                kills += CountKills(child);
            }
        }

        return kills;
    }
}
