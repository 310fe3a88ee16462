using System.Text.Json.Serialization;
using Berth.Api.Containers;
using Berth.Api.Images;

namespace Berth.Api.System;

/// <summary>What takes room on the disk. A part that was not asked for is absent.</summary>
public sealed record DiskUsage
{
    /// <summary>Of all layers together, each counted once.</summary>
    public long LayersSize { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ImageSummary>? Images { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ContainerSummary>? Containers { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<VolumeUsage>? Volumes { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Empty>? BuildCache { get; init; }
}

/// <summary>A volume with its size.</summary>
public sealed record VolumeUsage
{
    public string CreatedAt { get; init; } = "";

    public string Driver { get; init; } = "local";

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public string Mountpoint { get; init; } = "";

    public string Name { get; init; } = "";

    public IReadOnlyDictionary<string, string>? Options { get; init; }

    public string Scope { get; init; } = "local";

    public VolumeUsageData UsageData { get; init; } = new();
}

/// <param name="RefCount">How many containers have the volume.</param>
public sealed record VolumeUsageData(int RefCount = 0, long Size = 0);
