using Berth.Linux.Cgroups;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Cgroups;

/// <summary>A bundle's resources (config-linux.md, "Control groups") as limits of a cgroup.</summary>
public static class ResourceLimits
{
    /// <remarks>Kernel memory is passed over, as in runc: Linux deprecated a limit of its own for it (5.4) and counts it with the rest.</remarks>
    public static CgroupLimits Of(OciResources? resources)
    {
        if (resources is null)
        {
            return new CgroupLimits();
        }

        var (memory, cpu, block) = (resources.Memory, resources.Cpu, resources.BlockIO);
        return new CgroupLimits
        {
            Memory = memory?.Limit,
            MemoryReservation = memory?.Reservation,
            MemoryAndSwap = memory?.Swap,
            KernelTcpMemory = memory?.KernelTCP,
            Swappiness = memory?.Swappiness,
            DisableOutOfMemoryKiller = memory?.DisableOOMKiller,
            CpuShares = cpu?.Shares,
            CpuQuota = cpu?.Quota,
            CpuPeriod = cpu?.Period,
            CpuBurst = cpu?.Burst,
            CpuRealtimeRuntime = cpu?.RealtimeRuntime,
            CpuRealtimePeriod = cpu?.RealtimePeriod,
            CpuIdle = cpu?.Idle,
            Cpus = cpu?.Cpus,
            Mems = cpu?.Mems,
            Processes = resources.Pids?.Limit,
            BlockWeight = block?.Weight,
            BlockLeafWeight = block?.LeafWeight,
            BlockDeviceWeights = [.. (block?.WeightDevice ?? []).Select(d => new BlockDeviceWeight(d.Major, d.Minor, d.Weight, d.LeafWeight))],
            ReadBytesPerSecond = Rates(block?.ThrottleReadBpsDevice),
            WriteBytesPerSecond = Rates(block?.ThrottleWriteBpsDevice),
            ReadsPerSecond = Rates(block?.ThrottleReadIOPSDevice),
            WritesPerSecond = Rates(block?.ThrottleWriteIOPSDevice),
            HugePages = [.. (resources.HugepageLimits ?? []).Select(h => new HugePageLimit(h.PageSize, h.Limit))],
            Unified = resources.Unified ?? new Dictionary<string, string>(),
        };
    }

    private static BlockDeviceRate[] Rates(IReadOnlyList<OciThrottleDevice>? devices) =>
        [.. (devices ?? []).Select(d => new BlockDeviceRate(d.Major, d.Minor, d.Rate))];
}
