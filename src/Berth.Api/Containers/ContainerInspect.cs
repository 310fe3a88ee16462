using System.Text.Json.Serialization;

namespace Berth.Api.Containers;

/// <summary>Answer of <c>GET /containers/{id}/json</c>.</summary>
public sealed record ContainerInspect
{
    public required string Id { get; init; }

    public required string Created { get; init; }

    public required string Path { get; init; }

    public required IReadOnlyList<string> Args { get; init; }

    public required ContainerState State { get; init; }

    /// <summary>The image's id.</summary>
    public required string Image { get; init; }

    public string ResolvConfPath { get; set; } = "";

    public string HostnamePath { get; set; } = "";

    public string HostsPath { get; set; } = "";

    public string LogPath { get; set; } = "";

    /// <summary>With a slash before it.</summary>
    public required string Name { get; init; }

    public int RestartCount { get; set; }

    public string Driver { get; set; } = "";

    public string Platform { get; set; } = "";

    public string MountLabel { get; set; } = "";

    public string ProcessLabel { get; set; } = "";

    public string AppArmorProfile { get; set; } = "";

    public IReadOnlyList<string>? ExecIDs { get; set; }

    public required HostConfig HostConfig { get; init; }

    public required GraphDriver GraphDriver { get; init; }

    /// <summary>Bytes of the writable layer; only where asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SizeRw { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SizeRootFs { get; set; }

    public required IReadOnlyList<MountPoint> Mounts { get; init; }

    public required ContainerConfig Config { get; init; }

    public required NetworkSettings NetworkSettings { get; init; }
}

public sealed record ContainerState
{
    /// <summary>created, running, paused, restarting, removing, exited or dead.</summary>
    public required string Status { get; init; }

    public bool Running { get; set; }

    public bool Paused { get; set; }

    public bool Restarting { get; set; }

    public bool OOMKilled { get; set; }

    public bool Dead { get; set; }

    public int Pid { get; set; }

    public int ExitCode { get; set; }

    /// <summary>Why the last start failed.</summary>
    public string Error { get; set; } = "";

    public required string StartedAt { get; init; }

    public required string FinishedAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Health? Health { get; set; }
}

public sealed record Health
{
    /// <summary>starting, healthy or unhealthy.</summary>
    public string Status { get; set; } = "";

    public int FailingStreak { get; set; }

    public IReadOnlyList<HealthResult>? Log { get; set; }
}

public sealed record HealthResult
{
    public string Start { get; set; } = "";

    public string End { get; set; } = "";

    public int ExitCode { get; set; }

    public string Output { get; set; } = "";
}

public sealed record GraphDriver
{
    public IReadOnlyDictionary<string, string>? Data { get; set; }

    public required string Name { get; init; }
}

/// <summary>A container's networks. The members about one address are the default bridge's, for old clients.</summary>
public sealed record NetworkSettings
{
    public string Bridge { get; set; } = "";

    public string SandboxID { get; set; } = "";

    public string SandboxKey { get; set; } = "";

    /// <summary>Keys such as 80/tcp; null where the port is only exposed.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?> Ports { get; set; } =
        new Dictionary<string, IReadOnlyList<PortBinding>?>();

    public bool HairpinMode { get; set; }

    public string LinkLocalIPv6Address { get; set; } = "";

    public int LinkLocalIPv6PrefixLen { get; set; }

    public IReadOnlyList<string>? SecondaryIPAddresses { get; set; }

    public IReadOnlyList<string>? SecondaryIPv6Addresses { get; set; }

    public string EndpointID { get; set; } = "";

    public string Gateway { get; set; } = "";

    public string GlobalIPv6Address { get; set; } = "";

    public int GlobalIPv6PrefixLen { get; set; }

    public string IPAddress { get; set; } = "";

    public int IPPrefixLen { get; set; }

    public string IPv6Gateway { get; set; } = "";

    public string MacAddress { get; set; } = "";

    public required IReadOnlyDictionary<string, EndpointSettings> Networks { get; init; }
}
