using System.Text.Json.Serialization;

namespace Berth.Api.Containers;

public sealed partial record HostConfig
{
    public long CpuShares { get; init; }

    /// <summary>Bytes; 0: no limit.</summary>
    public long Memory { get; init; }

    /// <summary>Billionths of a processor.</summary>
    public long NanoCpus { get; init; }

    public string CgroupParent { get; init; } = "";

    public ushort BlkioWeight { get; init; }

    public IReadOnlyList<WeightDevice>? BlkioWeightDevice { get; init; }

    public IReadOnlyList<ThrottleDevice>? BlkioDeviceReadBps { get; init; }

    public IReadOnlyList<ThrottleDevice>? BlkioDeviceWriteBps { get; init; }

    public IReadOnlyList<ThrottleDevice>? BlkioDeviceReadIOps { get; init; }

    public IReadOnlyList<ThrottleDevice>? BlkioDeviceWriteIOps { get; init; }

    public long CpuPeriod { get; init; }

    public long CpuQuota { get; init; }

    public long CpuRealtimePeriod { get; init; }

    public long CpuRealtimeRuntime { get; init; }

    public string CpusetCpus { get; init; } = "";

    public string CpusetMems { get; init; } = "";

    public IReadOnlyList<DeviceMapping>? Devices { get; init; }

    public IReadOnlyList<string>? DeviceCgroupRules { get; init; }

    public IReadOnlyList<DeviceRequest>? DeviceRequests { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long KernelMemory { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long KernelMemoryTCP { get; init; }

    public long MemoryReservation { get; init; }

    /// <summary>Memory and swap together, in bytes; -1: swap without limit; 0: twice the memory.</summary>
    public long MemorySwap { get; init; }

    /// <summary>0 to 100; null or -1: the kernel's.</summary>
    public long? MemorySwappiness { get; init; }

    public bool? OomKillDisable { get; init; }

    /// <summary>Null, 0 and -1: no limit.</summary>
    public long? PidsLimit { get; init; }

    public IReadOnlyList<Ulimit>? Ulimits { get; init; }

    public long CpuCount { get; init; }

    public long CpuPercent { get; init; }

    public long IOMaximumIOps { get; init; }

    public long IOMaximumBandwidth { get; init; }
}

public sealed record WeightDevice
{
    public string Path { get; init; } = "";

    public ushort Weight { get; init; }
}

public sealed record ThrottleDevice
{
    public string Path { get; init; } = "";

    /// <summary>Bytes or operations a second.</summary>
    public ulong Rate { get; init; }
}

public sealed record DeviceMapping
{
    public string PathOnHost { get; init; } = "";

    public string PathInContainer { get; init; } = "";

    /// <summary>Some of r, w and m.</summary>
    public string CgroupPermissions { get; init; } = "";
}

public sealed record DeviceRequest
{
    public string Driver { get; init; } = "";

    public int Count { get; init; }

    public IReadOnlyList<string>? DeviceIDs { get; init; }

    public IReadOnlyList<IReadOnlyList<string>>? Capabilities { get; init; }

    public IReadOnlyDictionary<string, string>? Options { get; init; }
}

public sealed record Ulimit
{
    /// <summary>Such as nofile.</summary>
    public string Name { get; init; } = "";

    public long Hard { get; init; }

    public long Soft { get; init; }
}
