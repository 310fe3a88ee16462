using System.Text.Json.Serialization;

namespace Berth.Api.Containers;

/// <summary>What a container has used up to a moment. Names are Docker's.</summary>
public sealed record ContainerStats
{
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    [JsonPropertyName("id")]
    public string Id { get; set; } = "";

    [JsonPropertyName("read")]
    public string Read { get; set; } = "0001-01-01T00:00:00Z";

    /// <summary>When <see cref="PreviousCpu"/> was read.</summary>
    [JsonPropertyName("preread")]
    public string PreviousRead { get; set; } = "0001-01-01T00:00:00Z";

    [JsonPropertyName("pids_stats")]
    public PidsStats Pids { get; set; } = new();

    [JsonPropertyName("blkio_stats")]
    public BlkioStats Blkio { get; set; } = new();

    /// <summary>Windows only.</summary>
    [JsonPropertyName("num_procs")]
    public int ProcessCount { get; set; }

    /// <summary>Windows only.</summary>
    [JsonPropertyName("storage_stats")]
    public Empty Storage { get; set; } = new();

    [JsonPropertyName("cpu_stats")]
    public CpuStats Cpu { get; set; } = new();

    [JsonPropertyName("precpu_stats")]
    public CpuStats PreviousCpu { get; set; } = new();

    [JsonPropertyName("memory_stats")]
    public MemoryStats Memory { get; set; } = new();

    /// <summary>By the name of the interface in the container.</summary>
    [JsonPropertyName("networks")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, NetworkStats>? Networks { get; set; }
}

public sealed record PidsStats
{
    [JsonPropertyName("current")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong Current { get; set; }

    [JsonPropertyName("limit")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong Limit { get; set; }
}

public sealed record CpuStats
{
    [JsonPropertyName("cpu_usage")]
    public CpuUsage Usage { get; set; } = new();

    /// <summary>Of the whole machine.</summary>
    [JsonPropertyName("system_cpu_usage")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong System { get; set; }

    [JsonPropertyName("online_cpus")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public uint Online { get; set; }

    [JsonPropertyName("throttling_data")]
    public ThrottlingData Throttling { get; set; } = new();
}

/// <summary>Nanoseconds.</summary>
public sealed record CpuUsage
{
    [JsonPropertyName("total_usage")]
    public ulong Total { get; set; }

    [JsonPropertyName("percpu_usage")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ulong>? Each { get; set; }

    [JsonPropertyName("usage_in_kernelmode")]
    public ulong Kernel { get; set; }

    [JsonPropertyName("usage_in_usermode")]
    public ulong User { get; set; }
}

public sealed record ThrottlingData
{
    [JsonPropertyName("periods")]
    public ulong Periods { get; set; }

    [JsonPropertyName("throttled_periods")]
    public ulong ThrottledPeriods { get; set; }

    [JsonPropertyName("throttled_time")]
    public ulong ThrottledTime { get; set; }
}

public sealed record MemoryStats
{
    [JsonPropertyName("usage")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong Usage { get; set; }

    [JsonPropertyName("max_usage")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ulong? Most { get; set; }

    [JsonPropertyName("stats")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, ulong>? Details { get; set; }

    [JsonPropertyName("failcnt")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong Failures { get; set; }

    [JsonPropertyName("limit")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong Limit { get; set; }
}

/// <summary>Input and output of block devices; what the kernel no longer counts is null.</summary>
public sealed record BlkioStats
{
    [JsonPropertyName("io_service_bytes_recursive")]
    public IReadOnlyList<BlkioEntry>? Bytes { get; set; }

    [JsonPropertyName("io_serviced_recursive")]
    public IReadOnlyList<BlkioEntry>? Operations { get; set; }

    [JsonPropertyName("io_queue_recursive")]
    public IReadOnlyList<BlkioEntry>? Queued { get; set; }

    [JsonPropertyName("io_service_time_recursive")]
    public IReadOnlyList<BlkioEntry>? ServiceTime { get; set; }

    [JsonPropertyName("io_wait_time_recursive")]
    public IReadOnlyList<BlkioEntry>? WaitTime { get; set; }

    [JsonPropertyName("io_merged_recursive")]
    public IReadOnlyList<BlkioEntry>? Merged { get; set; }

    [JsonPropertyName("io_time_recursive")]
    public IReadOnlyList<BlkioEntry>? Time { get; set; }

    [JsonPropertyName("sectors_recursive")]
    public IReadOnlyList<BlkioEntry>? Sectors { get; set; }
}

public sealed record BlkioEntry
{
    [JsonPropertyName("major")]
    public ulong Major { get; set; }

    [JsonPropertyName("minor")]
    public ulong Minor { get; set; }

    [JsonPropertyName("op")]
    public string Operation { get; set; } = "";

    [JsonPropertyName("value")]
    public ulong Value { get; set; }
}

public sealed record NetworkStats
{
    [JsonPropertyName("rx_bytes")]
    public ulong ReceivedBytes { get; set; }

    [JsonPropertyName("rx_packets")]
    public ulong ReceivedPackets { get; set; }

    [JsonPropertyName("rx_errors")]
    public ulong ReceivedErrors { get; set; }

    [JsonPropertyName("rx_dropped")]
    public ulong ReceivedDropped { get; set; }

    [JsonPropertyName("tx_bytes")]
    public ulong SentBytes { get; set; }

    [JsonPropertyName("tx_packets")]
    public ulong SentPackets { get; set; }

    [JsonPropertyName("tx_errors")]
    public ulong SentErrors { get; set; }

    [JsonPropertyName("tx_dropped")]
    public ulong SentDropped { get; set; }
}
