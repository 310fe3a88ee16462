using Berth.Linux.Cgroups;

namespace Berth.Runtime.Events;

/// <summary>Reads what a container uses out of its cgroup.</summary>
internal static class StatsReading
{
    internal static StatsData Of(Cgroup cgroup)
    {
        var usage = cgroup.ReadUsage();
        return new StatsData(
            new CpuData(
                new CpuUsageData(usage.CpuTotal, usage.CpuEach, usage.CpuSystem, usage.CpuUser),
                new ThrottlingData(usage.Periods, usage.ThrottledPeriods, usage.ThrottledTime)),
            new MemoryData(
                Memory(CgroupMemoryKind.All),
                Memory(CgroupMemoryKind.Swap),
                Memory(CgroupMemoryKind.Kernel),
                Memory(CgroupMemoryKind.KernelTcp),
                usage.MemoryDetails),
            new PidsData(usage.Processes, usage.ProcessLimit == ulong.MaxValue ? null : usage.ProcessLimit),
            new BlkioData(Io(usage.IoBytes), Io(usage.IoOperations)));

        MemoryEntry? Memory(CgroupMemoryKind kind) =>
            cgroup.ReadMemoryCounter(kind) is { } counter ? new MemoryEntry(counter.Limit, counter.Usage, counter.Most, counter.Failures) : null;

        static IReadOnlyList<BlkioEntry>? Io(IReadOnlyList<CgroupIo> list) =>
            list.Count == 0 ? null : [.. list.Select(e => new BlkioEntry(e.Major, e.Minor, e.Operation, e.Value))];
    }
}
