namespace Berth.Linux.Cgroups;

/// <summary>
/// What a cgroup may use, in the terms of v1, which are also those that programs pass around; for v2 they are converted. Null leaves
/// the kernel's value; sizes are bytes, times microseconds, and -1 stands for no limit.
/// </summary>
public sealed record CgroupLimits
{
    public long? Memory { get; init; }

    /// <summary>What is left alone while memory is short elsewhere.</summary>
    public long? MemoryReservation { get; init; }

    /// <summary>Memory and swap together.</summary>
    public long? MemoryAndSwap { get; init; }

    public long? KernelTcpMemory { get; init; }

    /// <summary>0 to 100; v1 only.</summary>
    public ulong? Swappiness { get; init; }

    /// <summary>At its limit a process waits for memory instead of being ended; v1 only.</summary>
    public bool? DisableOutOfMemoryKiller { get; init; }

    /// <summary>2 to 262144; 1024 is the usual. 0: the kernel's value.</summary>
    public ulong? CpuShares { get; init; }

    /// <summary>Run time in each period.</summary>
    public long? CpuQuota { get; init; }

    public ulong? CpuPeriod { get; init; }

    /// <summary>Unused quota that may be saved up.</summary>
    public ulong? CpuBurst { get; init; }

    /// <summary>v1 only.</summary>
    public long? CpuRealtimeRuntime { get; init; }

    /// <summary>v1 only.</summary>
    public ulong? CpuRealtimePeriod { get; init; }

    /// <summary>1: run only where nothing else would.</summary>
    public long? CpuIdle { get; init; }

    /// <summary>Processors, such as 0-3,7.</summary>
    public string? Cpus { get; init; }

    /// <summary>Memory nodes, such as 0-1.</summary>
    public string? Mems { get; init; }

    public long? Processes { get; init; }

    /// <summary>10 to 1000.</summary>
    public ushort? BlockWeight { get; init; }

    /// <summary>v1 only, on kernels that have CFQ.</summary>
    public ushort? BlockLeafWeight { get; init; }

    public IReadOnlyList<BlockDeviceWeight> BlockDeviceWeights { get; init; } = [];

    public IReadOnlyList<BlockDeviceRate> ReadBytesPerSecond { get; init; } = [];

    public IReadOnlyList<BlockDeviceRate> WriteBytesPerSecond { get; init; } = [];

    public IReadOnlyList<BlockDeviceRate> ReadsPerSecond { get; init; } = [];

    public IReadOnlyList<BlockDeviceRate> WritesPerSecond { get; init; } = [];

    public IReadOnlyList<HugePageLimit> HugePages { get; init; } = [];

    /// <summary>Files of the v2 hierarchy and what to write to them, after all else.</summary>
    public IReadOnlyDictionary<string, string> Unified { get; init; } = new Dictionary<string, string>();
}

public sealed record BlockDeviceWeight(long Major, long Minor, ushort? Weight, ushort? LeafWeight);

/// <param name="Major">Of the block device.</param>
/// <param name="Minor">Of the block device.</param>
/// <param name="Rate">Bytes or operations in a second; 0: no limit.</param>
public sealed record BlockDeviceRate(long Major, long Minor, ulong Rate);

/// <param name="PageSize">As the kernel's file names have it, such as 2MB.</param>
/// <param name="Limit">Bytes.</param>
public sealed record HugePageLimit(string PageSize, ulong Limit);
