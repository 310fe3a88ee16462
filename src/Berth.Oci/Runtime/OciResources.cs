namespace Berth.Oci.Runtime;

/// <summary>Limits of a container's cgroup (config-linux.md, "Control groups"). Absent members leave the kernel's value as it is.</summary>
public sealed record OciResources
{
    public IReadOnlyList<OciDeviceRule>? Devices { get; init; }

    public OciMemory? Memory { get; init; }

    public OciCpu? Cpu { get; init; }

    public OciPids? Pids { get; init; }

    public OciBlockIo? BlockIO { get; init; }

    public IReadOnlyList<OciHugepageLimit>? HugepageLimits { get; init; }

    /// <summary>Files of the v2 hierarchy and what to write to them; an error on v1.</summary>
    public IReadOnlyDictionary<string, string>? Unified { get; init; }
}

public sealed record OciDeviceRule
{
    public bool Allow { get; init; }

    /// <summary>a, c or b; null: a.</summary>
    public string? Type { get; init; }

    /// <summary>Null: any.</summary>
    public long? Major { get; init; }

    /// <summary>Null: any.</summary>
    public long? Minor { get; init; }

    /// <summary>Some of r, w and m.</summary>
    public string? Access { get; init; }
}

/// <summary>Sizes in bytes; -1: no limit.</summary>
public sealed record OciMemory
{
    public long? Limit { get; init; }

    public long? Reservation { get; init; }

    /// <summary>Memory and swap together.</summary>
    public long? Swap { get; init; }

    public long? Kernel { get; init; }

    public long? KernelTCP { get; init; }

    public ulong? Swappiness { get; init; }

    public bool? DisableOOMKiller { get; init; }

    public bool? UseHierarchy { get; init; }

    public bool? CheckBeforeUpdate { get; init; }
}

public sealed record OciCpu
{
    public ulong? Shares { get; init; }

    /// <summary>Microseconds of run time in each period; -1: no limit.</summary>
    public long? Quota { get; init; }

    public ulong? Burst { get; init; }

    /// <summary>Microseconds.</summary>
    public ulong? Period { get; init; }

    public long? RealtimeRuntime { get; init; }

    public ulong? RealtimePeriod { get; init; }

    public string? Cpus { get; init; }

    public string? Mems { get; init; }

    public long? Idle { get; init; }
}

public sealed record OciPids
{
    /// <summary>-1 (or 0): no limit.</summary>
    public long Limit { get; init; }
}

public sealed record OciBlockIo
{
    public ushort? Weight { get; init; }

    public ushort? LeafWeight { get; init; }

    public IReadOnlyList<OciWeightDevice>? WeightDevice { get; init; }

    public IReadOnlyList<OciThrottleDevice>? ThrottleReadBpsDevice { get; init; }

    public IReadOnlyList<OciThrottleDevice>? ThrottleWriteBpsDevice { get; init; }

    public IReadOnlyList<OciThrottleDevice>? ThrottleReadIOPSDevice { get; init; }

    public IReadOnlyList<OciThrottleDevice>? ThrottleWriteIOPSDevice { get; init; }
}

public sealed record OciWeightDevice
{
    public long Major { get; init; }

    public long Minor { get; init; }

    public ushort? Weight { get; init; }

    public ushort? LeafWeight { get; init; }
}

public sealed record OciThrottleDevice
{
    public long Major { get; init; }

    public long Minor { get; init; }

    public ulong Rate { get; init; }
}

public sealed record OciHugepageLimit
{
    public required string PageSize { get; init; }

    public ulong Limit { get; init; }
}
