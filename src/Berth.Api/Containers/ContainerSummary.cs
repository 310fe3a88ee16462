using System.Text.Json.Serialization;

namespace Berth.Api.Containers;

/// <summary>One element of <c>GET /containers/json</c>.</summary>
public sealed record ContainerSummary
{
    public required string Id { get; init; }

    /// <summary>Each with a slash before it.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    public required string Image { get; init; }

    public required string ImageID { get; init; }

    public required string Command { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public required long Created { get; init; }

    public required IReadOnlyList<PortSummary> Ports { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long SizeRw { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long SizeRootFs { get; set; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public required string State { get; init; }

    /// <summary>Such as "Up 3 minutes" or "Exited (0) 2 hours ago".</summary>
    public required string Status { get; init; }

    public required SummaryHostConfig HostConfig { get; init; }

    public required SummaryNetworks NetworkSettings { get; init; }

    public required IReadOnlyList<MountPoint> Mounts { get; init; }

    /// <summary>Null from daemons before API 1.52.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SummaryHealth? Health { get; set; }
}

public sealed record PortSummary
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? IP { get; set; }

    public ushort PrivatePort { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ushort PublicPort { get; set; }

    /// <summary>tcp, udp or sctp.</summary>
    public string Type { get; set; } = "";
}

public sealed record SummaryHostConfig
{
    public string NetworkMode { get; set; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Annotations { get; set; }
}

public sealed record SummaryNetworks
{
    public required IReadOnlyDictionary<string, EndpointSettings> Networks { get; init; }
}

public sealed record SummaryHealth
{
    /// <summary>none, starting, healthy or unhealthy.</summary>
    public string Status { get; set; } = "";

    public int FailingStreak { get; set; }
}
