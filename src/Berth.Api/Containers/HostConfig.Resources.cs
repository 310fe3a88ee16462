using System.Text.Json.Serialization;

namespace Berth.Api.Containers;

public sealed partial record HostConfig
{
    public long CpuShares { get; set; }

    /// <summary>Bytes; 0: no limit.</summary>
    public long Memory { get; set; }

    /// <summary>Billionths of a processor.</summary>
    public long NanoCpus { get; set; }

    public string CgroupParent { get; set; } = "";

    public ushort BlkioWeight { get; set; }

    public IReadOnlyList<WeightDevice>? BlkioWeightDevice { get; set; }

    public IReadOnlyList<ThrottleDevice>? BlkioDeviceReadBps { get; set; }

    public IReadOnlyList<ThrottleDevice>? BlkioDeviceWriteBps { get; set; }

    public IReadOnlyList<ThrottleDevice>? BlkioDeviceReadIOps { get; set; }

    public IReadOnlyList<ThrottleDevice>? BlkioDeviceWriteIOps { get; set; }

    public long CpuPeriod { get; set; }

    public long CpuQuota { get; set; }

    public long CpuRealtimePeriod { get; set; }

    public long CpuRealtimeRuntime { get; set; }

    public string CpusetCpus { get; set; } = "";

    public string CpusetMems { get; set; } = "";

    public IReadOnlyList<DeviceMapping>? Devices { get; set; }

    public IReadOnlyList<string>? DeviceCgroupRules { get; set; }

    public IReadOnlyList<DeviceRequest>? DeviceRequests { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long KernelMemory { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long KernelMemoryTCP { get; set; }

    public long MemoryReservation { get; set; }

    /// <summary>Memory and swap together, in bytes; -1: swap without limit; 0: twice the memory.</summary>
    public long MemorySwap { get; set; }

    /// <summary>0 to 100; null or -1: the kernel's.</summary>
    public long? MemorySwappiness { get; set; }

    public bool? OomKillDisable { get; set; }

    /// <summary>Null, 0 and -1: no limit.</summary>
    public long? PidsLimit { get; set; }

    public IReadOnlyList<Ulimit>? Ulimits { get; set; }

    public long CpuCount { get; set; }

    public long CpuPercent { get; set; }

    public long IOMaximumIOps { get; set; }

    public long IOMaximumBandwidth { get; set; }
}

public sealed record WeightDevice
{
    public string Path { get; set; } = "";

    public ushort Weight { get; set; }
}

public sealed record ThrottleDevice
{
    public string Path { get; set; } = "";

    /// <summary>Bytes or operations a second.</summary>
    public ulong Rate { get; set; }
}

public sealed record DeviceMapping
{
    public string PathOnHost { get; set; } = "";

    public string PathInContainer { get; set; } = "";

    /// <summary>Some of r, w and m.</summary>
    public string CgroupPermissions { get; set; } = "";
}

public sealed record DeviceRequest
{
    public string Driver { get; set; } = "";

    public int Count { get; set; }

    public IReadOnlyList<string>? DeviceIDs { get; set; }

    public IReadOnlyList<IReadOnlyList<string>>? Capabilities { get; set; }

    public IReadOnlyDictionary<string, string>? Options { get; set; }
}

public sealed record Ulimit
{
    /// <summary>Such as nofile.</summary>
    public string Name { get; set; } = "";

    public long Hard { get; set; }

    public long Soft { get; set; }
}
