using System.Globalization;

namespace Berth.Linux.Cgroups;

/// <summary>What limits are in the files of v2 (Documentation/admin-guide/cgroup-v2.rst).</summary>
internal static class UnifiedLimits
{
    // cpu.max takes quota and period together; this is the kernel's period.
    private const ulong UsualPeriod = 100_000;

    internal static IEnumerable<CgroupWrite> Writes(CgroupLimits limits) =>
        Memory(limits).Concat(Cpu(limits)).Concat(Processes(limits)).Concat(Block(limits)).Concat(HugePages(limits));

    /// <summary>From 2 to 262144 with 1024 as the usual, to 1 to 10000 with 100 as the usual.</summary>
    /// <remarks>
    /// A quadratic in the logarithm through these three pairs, as runc (since 1.3.2) and crun convert; the linear map of before made
    /// 39 of the usual 1024, so that a container got less than any other process of the machine.
    /// </remarks>
    internal static ulong Weight(ulong shares)
    {
        if (shares <= 2)
        {
            return 1;
        }

        var logarithm = Math.Log2(shares);
        return shares >= 262144 ? 10000 : (ulong)Math.Ceiling(Math.Pow(10, (((logarithm * logarithm) + (125 * logarithm)) / 612) - (7.0 / 34)));
    }

    private static IEnumerable<CgroupWrite> Memory(CgroupLimits limits)
    {
        if (Swap(limits) is { } swap)
        {
            yield return new CgroupWrite("memory", "memory.swap.max", Size(swap)) { IsOptional = true };
        }

        if (limits.Memory is { } memory and not 0)
        {
            yield return new CgroupWrite("memory", "memory.max", Size(memory));
        }

        if (limits.MemoryReservation is { } reservation and not 0)
        {
            yield return new CgroupWrite("memory", "memory.low", Size(reservation));
        }
    }

    // A kernel without accounting of swap has no file for it. v2 limits swap alone, so memory is taken off; both without a limit is swap without a limit.
    private static long? Swap(CgroupLimits limits) => (limits.Memory ?? 0, limits.MemoryAndSwap ?? 0) switch
    {
        (-1, 0) or (_, -1) => -1,
        (_, 0) => null,
        var (memory, both) when memory > 0 && both >= memory => both - memory,
        _ => throw new LinuxException("limit memory and swap", Errno.EINVAL, $"{limits.MemoryAndSwap} with memory {limits.Memory ?? 0}"),
    };

    private static IEnumerable<CgroupWrite> Cpu(CgroupLimits limits)
    {
        if (limits.CpuRealtimeRuntime is { } runtime and not 0)
        {
            throw new LinuxException("limit realtime run time", Errno.EOPNOTSUPP, Text(runtime));
        }

        // An idle group has no weight, and the kernel refuses one.
        if (limits.CpuIdle is { } idle)
        {
            yield return new CgroupWrite("cpu", "cpu.idle", Text(idle));
        }

        if (limits.CpuShares is { } shares and not 0 && limits.CpuIdle is not 1)
        {
            yield return new CgroupWrite("cpu", "cpu.weight", Text(Weight(shares)));
        }

        // As on v1, the kernel holds what may be saved up against the quota; raised together, the quota goes first.
        var maximum = limits.CpuQuota is { } and not 0 || limits.CpuPeriod is { } and not 0
            ? new CgroupWrite("cpu", "cpu.max", $"{(limits.CpuQuota is > 0 and var quota ? Text(quota) : "max")} {Text(limits.CpuPeriod is { } period and not 0 ? period : UsualPeriod)}")
            : null;
        var burst = limits.CpuBurst is { } saved ? new CgroupWrite("cpu", "cpu.max.burst", Text(saved)) : null;
        if (maximum is not null || burst is not null)
        {
            yield return maximum is null ? burst! : maximum with { Partner = burst };
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
        limits.Processes is { } processes and not 0 ? [new CgroupWrite("pids", "pids.max", Size(processes))] : [];

    private static IEnumerable<CgroupWrite> Block(CgroupLimits limits)
    {
        if (limits.BlockWeight is { } weight and not 0)
        {
            yield return Weight(weight, "");
        }

        foreach (var device in limits.BlockDeviceWeights)
        {
            if (device.Weight is { } own and not 0)
            {
                yield return Weight(own, $"{Device(device.Major, device.Minor)} ");
            }
        }

        var throttles =
            from throttle in new[]
            {
                ("rbps", limits.ReadBytesPerSecond), ("wbps", limits.WriteBytesPerSecond),
                ("riops", limits.ReadsPerSecond), ("wiops", limits.WritesPerSecond),
            }
            from device in throttle.Item2
            select new CgroupWrite("io", "io.max", $"{Device(device.Major, device.Minor)} {throttle.Item1}={(device.Rate == 0 ? "max" : Text(device.Rate))}");
        foreach (var throttle in throttles)
        {
            yield return throttle;
        }
    }

    // BFQ keeps the scale of v1 and its own file; the other controller (io.weight) has 1 to 10000.
    private static CgroupWrite Weight(ushort weight, string device) =>
        new("io", "io.bfq.weight|io.weight", $"{device}{Text(weight)}")
        {
            SecondValue = $"{(device.Length == 0 ? "default " : device)}{Text(1 + ((weight - 10) * 9999 / 990))}",
        };

    private static IEnumerable<CgroupWrite> HugePages(CgroupLimits limits) =>
        limits.HugePages.SelectMany<HugePageLimit, CgroupWrite>(h =>
        [
            new CgroupWrite("hugetlb", $"hugetlb.{h.PageSize}.max", Text(h.Limit)),
            new CgroupWrite("hugetlb", $"hugetlb.{h.PageSize}.rsvd.max", Text(h.Limit)) { IsOptional = true },
        ]);

    private static string Size(long value) => value < 0 ? "max" : Text(value);

    private static string Device(long major, long minor) => string.Create(CultureInfo.InvariantCulture, $"{major}:{minor}");

    private static string Text<T>(T value) where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
