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

    public string ResolvConfPath { get; init; } = "";

    public string HostnamePath { get; init; } = "";

    public string HostsPath { get; init; } = "";

    public string LogPath { get; init; } = "";

    /// <summary>With a slash before it.</summary>
    public required string Name { get; init; }

    public int RestartCount { get; init; }

    public string Driver { get; init; } = "";

    public string Platform { get; init; } = "";

    public string MountLabel { get; init; } = "";

    public string ProcessLabel { get; init; } = "";

    public string AppArmorProfile { get; init; } = "";

    public IReadOnlyList<string>? ExecIDs { get; init; }

    public required HostConfig HostConfig { get; init; }

    public required GraphDriver GraphDriver { get; init; }

    /// <summary>Bytes of the writable layer; only where asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SizeRw { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SizeRootFs { get; init; }

    public required IReadOnlyList<MountPoint> Mounts { get; init; }

    public required ContainerConfig Config { get; init; }

    public required NetworkSettings NetworkSettings { get; init; }
}

public sealed record ContainerState
{
    /// <summary>created, running, paused, restarting, removing, exited or dead.</summary>
    public required string Status { get; init; }

    public bool Running { get; init; }

    public bool Paused { get; init; }

    public bool Restarting { get; init; }

    public bool OOMKilled { get; init; }

    public bool Dead { get; init; }

    public int Pid { get; init; }

    public int ExitCode { get; init; }

    /// <summary>Why the last start failed.</summary>
    public string Error { get; init; } = "";

    public required string StartedAt { get; init; }

    public required string FinishedAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Health? Health { get; init; }
}

public sealed record Health
{
    /// <summary>starting, healthy or unhealthy.</summary>
    public string Status { get; init; } = "";

    public int FailingStreak { get; init; }

    public IReadOnlyList<HealthResult>? Log { get; init; }
}

public sealed record HealthResult
{
    public string Start { get; init; } = "";

    public string End { get; init; } = "";

    public int ExitCode { get; init; }

    public string Output { get; init; } = "";
}

public sealed record GraphDriver
{
    public IReadOnlyDictionary<string, string>? Data { get; init; }

    public required string Name { get; init; }
}

/// <summary>A container's networks. The members about one address are the default bridge's, for old clients.</summary>
public sealed record NetworkSettings
{
    public string Bridge { get; init; } = "";

    public string SandboxID { get; init; } = "";

    public string SandboxKey { get; init; } = "";

    /// <summary>Keys such as 80/tcp; null where the port is only exposed.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?> Ports { get; init; } =
        new Dictionary<string, IReadOnlyList<PortBinding>?>();

    public bool HairpinMode { get; init; }

    public string LinkLocalIPv6Address { get; init; } = "";

    public int LinkLocalIPv6PrefixLen { get; init; }

    public IReadOnlyList<string>? SecondaryIPAddresses { get; init; }

    public IReadOnlyList<string>? SecondaryIPv6Addresses { get; init; }

    public string EndpointID { get; init; } = "";

    public string Gateway { get; init; } = "";

    public string GlobalIPv6Address { get; init; } = "";

    public int GlobalIPv6PrefixLen { get; init; }

    public string IPAddress { get; init; } = "";

    public int IPPrefixLen { get; init; }

    public string IPv6Gateway { get; init; } = "";

    public string MacAddress { get; init; } = "";

    public required IReadOnlyDictionary<string, EndpointSettings> Networks { get; init; }
}
