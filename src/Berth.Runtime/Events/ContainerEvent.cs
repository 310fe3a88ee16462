using System.Text.Json.Serialization;

namespace Berth.Runtime.Events;

/// <summary>One line of <c>berth-runtime events</c>, in runc's form.</summary>
/// <param name="Type"><c>stats</c> or <c>oom</c>.</param>
/// <param name="Id">The container.</param>
/// <param name="Data">With <c>stats</c>.</param>
internal sealed record ContainerEvent(string Type, string Id, StatsData? Data = null);

internal sealed record StatsData(CpuData Cpu, MemoryData Memory, PidsData Pids, BlkioData Blkio);

internal sealed record CpuData(CpuUsageData Usage, ThrottlingData Throttling);

/// <summary>Nanoseconds.</summary>
internal sealed record CpuUsageData(ulong Total, IReadOnlyList<ulong>? Percpu, ulong Kernel, ulong User);

internal sealed record ThrottlingData(
    ulong Periods,
    [property: JsonPropertyName("throttledPeriods")] ulong ThrottledPeriods,
    [property: JsonPropertyName("throttledTime")] ulong ThrottledTime);

internal sealed record MemoryData(
    MemoryEntry? Usage,
    MemoryEntry? Swap,
    MemoryEntry? Kernel,
    [property: JsonPropertyName("kernelTCP")] MemoryEntry? KernelTcp,
    IReadOnlyDictionary<string, ulong> Raw);

internal sealed record MemoryEntry(ulong Limit, ulong Usage, ulong Max, ulong Failcnt);

/// <param name="Current">Processes and threads.</param>
/// <param name="Limit">Null: none.</param>
internal sealed record PidsData(ulong Current, ulong? Limit);

internal sealed record BlkioData(
    [property: JsonPropertyName("ioServiceBytesRecursive")] IReadOnlyList<BlkioEntry>? Bytes,
    [property: JsonPropertyName("ioServicedRecursive")] IReadOnlyList<BlkioEntry>? Operations);

internal sealed record BlkioEntry(ulong Major, ulong Minor, string Op, ulong Value);

/// <summary>One line each.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ContainerEvent))]
internal sealed partial class ContainerEventJson : JsonSerializerContext;
