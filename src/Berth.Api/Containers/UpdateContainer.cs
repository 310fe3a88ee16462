namespace Berth.Api.Containers;

/// <summary>New limits and a new restart policy of a container. What is zero or empty stays as it was.</summary>
public sealed record UpdateContainerRequest
{
    public ushort BlkioWeight { get; set; }

    public long CpuShares { get; set; }

    public long NanoCpus { get; set; }

    public long CpuPeriod { get; set; }

    public long CpuQuota { get; set; }

    public long CpuRealtimePeriod { get; set; }

    public long CpuRealtimeRuntime { get; set; }

    public string CpusetCpus { get; set; } = "";

    public string CpusetMems { get; set; } = "";

    public long Memory { get; set; }

    public long MemoryReservation { get; set; }

    /// <summary>-1: no limit.</summary>
    public long MemorySwap { get; set; }

    /// <summary>0 and less: no limit; null: as it was.</summary>
    public long? PidsLimit { get; set; }

    public RestartPolicy? RestartPolicy { get; set; }
}

public sealed record UpdateContainerResponse
{
    public IReadOnlyList<string> Warnings { get; set; } = [];
}
