using System.Globalization;

namespace Berth.Linux.Cgroups;

/// <summary>What limits are in the files of v1 (Documentation/admin-guide/cgroup-v1).</summary>
internal static class LegacyLimits
{
    internal static IEnumerable<CgroupWrite> Writes(CgroupLimits limits) =>
        Memory(limits).Concat(Cpu(limits)).Concat(Processes(limits)).Concat(Block(limits)).Concat(HugePages(limits));

    private static IEnumerable<CgroupWrite> Memory(CgroupLimits limits)
    {
        var memory = limits.Memory is { } m and not 0 ? new CgroupWrite("memory", "memory.limit_in_bytes", Text(m)) : null;
        var swap = MemoryAndSwap(limits) is { } s ? new CgroupWrite("memory", "memory.memsw.limit_in_bytes", Text(s)) { IsOptional = true } : null;
        // The one may never be more than the other: lowering starts with memory, raising with both together.
        if (memory is not null || swap is not null)
        {
            yield return memory is null ? swap! : memory with { Partner = swap };
        }

        if (limits.MemoryReservation is { } reservation and not 0)
        {
            yield return new CgroupWrite("memory", "memory.soft_limit_in_bytes", Text(reservation));
        }

        if (limits.KernelTcpMemory is { } tcp and not 0)
        {
            yield return new CgroupWrite("memory", "memory.kmem.tcp.limit_in_bytes", Text(tcp));
        }

        if (limits.Swappiness is { } swappiness)
        {
            yield return new CgroupWrite("memory", "memory.swappiness", Text(swappiness));
        }

        if (limits.DisableOutOfMemoryKiller is true)
        {
            yield return new CgroupWrite("memory", "memory.oom_control", "1");
        }
    }

    // A kernel without accounting of swap has no file for it, and no way to limit it.
    // No limit on memory means none on both, or the kernel would refuse it as more than both.
    private static long? MemoryAndSwap(CgroupLimits limits) =>
        limits.MemoryAndSwap is null or 0 && limits.Memory == -1 ? -1 : limits.MemoryAndSwap is 0 ? null : limits.MemoryAndSwap;

    private static IEnumerable<CgroupWrite> Cpu(CgroupLimits limits)
    {
        if (limits.CpuShares is { } shares and not 0)
        {
            yield return new CgroupWrite("cpu", "cpu.shares", Text(shares));
        }

        var period = limits.CpuPeriod is { } p and not 0 ? new CgroupWrite("cpu", "cpu.cfs_period_us", Text(p)) : null;
        var quota = limits.CpuQuota is { } q and not 0 ? new CgroupWrite("cpu", "cpu.cfs_quota_us", Text(q)) : null;
        if (period is not null || quota is not null)
        {
            yield return period is null ? quota! : period with { Partner = quota };
        }

        if (limits.CpuBurst is { } burst)
        {
            yield return new CgroupWrite("cpu", "cpu.cfs_burst_us", Text(burst));
        }

        if (limits.CpuRealtimePeriod is { } realtimePeriod and not 0)
        {
            yield return new CgroupWrite("cpu", "cpu.rt_period_us", Text(realtimePeriod));
        }

        if (limits.CpuRealtimeRuntime is { } realtime and not 0)
        {
            yield return new CgroupWrite("cpu", "cpu.rt_runtime_us", Text(realtime));
        }

        if (limits.CpuIdle is { } idle)
        {
            yield return new CgroupWrite("cpu", "cpu.idle", Text(idle));
        }

        if (limits.Cpus is { Length: > 0 } cpus)
        {
            yield return new CgroupWrite("cpuset", "cpuset.cpus", cpus);
        }

        if (limits.Mems is { Length: > 0 } mems)
        {
            yield return new CgroupWrite("cpuset", "cpuset.mems", mems);
        }
    }

    private static IEnumerable<CgroupWrite> Processes(CgroupLimits limits) =>
        limits.Processes is { } processes and not 0 ? [new CgroupWrite("pids", "pids.max", processes > 0 ? Text(processes) : "max")] : [];

    private static IEnumerable<CgroupWrite> Block(CgroupLimits limits)
    {
        if (limits.BlockWeight is { } weight and not 0)
        {
            yield return new CgroupWrite("blkio", "blkio.weight|blkio.bfq.weight", Text(weight));
        }

        if (limits.BlockLeafWeight is { } leaf and not 0)
        {
            yield return new CgroupWrite("blkio", "blkio.leaf_weight", Text(leaf));
        }

        foreach (var device in limits.BlockDeviceWeights)
        {
            if (device.Weight is { } own and not 0)
            {
                yield return new CgroupWrite("blkio", "blkio.weight_device|blkio.bfq.weight_device", $"{Device(device.Major, device.Minor)} {Text(own)}");
            }

            if (device.LeafWeight is { } ownLeaf and not 0)
            {
                yield return new CgroupWrite("blkio", "blkio.leaf_weight_device", $"{Device(device.Major, device.Minor)} {Text(ownLeaf)}");
            }
        }

        foreach (var write in Throttles(limits))
        {
            yield return write;
        }
    }

    private static IEnumerable<CgroupWrite> Throttles(CgroupLimits limits) =>
        from throttle in new[]
        {
            ("read_bps", limits.ReadBytesPerSecond), ("write_bps", limits.WriteBytesPerSecond),
            ("read_iops", limits.ReadsPerSecond), ("write_iops", limits.WritesPerSecond),
        }
        from device in throttle.Item2
        select new CgroupWrite("blkio", $"blkio.throttle.{throttle.Item1}_device", $"{Device(device.Major, device.Minor)} {Text(device.Rate)}");

    private static IEnumerable<CgroupWrite> HugePages(CgroupLimits limits) =>
        limits.HugePages.SelectMany<HugePageLimit, CgroupWrite>(h =>
        [
            new CgroupWrite("hugetlb", $"hugetlb.{h.PageSize}.limit_in_bytes", Text(h.Limit)),
            new CgroupWrite("hugetlb", $"hugetlb.{h.PageSize}.rsvd.limit_in_bytes", Text(h.Limit)) { IsOptional = true },
        ]);

    private static string Device(long major, long minor) => string.Create(CultureInfo.InvariantCulture, $"{major}:{minor}");

    private static string Text<T>(T value) where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
