using System.Text.Json.Serialization;

namespace Berth.Api.Containers;

/// <summary>How a container runs on this machine. The resources' part is in HostConfig.Resources.cs.</summary>
public sealed partial record HostConfig
{
    /// <summary>source:target[:options].</summary>
    public IReadOnlyList<string>? Binds { get; init; }

    public string ContainerIDFile { get; init; } = "";

    public LogConfig LogConfig { get; init; } = new();

    /// <summary>default, bridge, host, none, container:NAME or a network's name.</summary>
    public string NetworkMode { get; init; } = "";

    /// <summary>Keys such as 80/tcp.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?>? PortBindings { get; init; }

    public RestartPolicy RestartPolicy { get; init; } = new();

    public bool AutoRemove { get; init; }

    public string VolumeDriver { get; init; } = "";

    public IReadOnlyList<string>? VolumesFrom { get; init; }

    /// <summary>Height and width of the terminal at its start.</summary>
    public IReadOnlyList<uint>? ConsoleSize { get; init; } = [0, 0];

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    [JsonConverter(typeof(StringOrList))]
    public IReadOnlyList<string>? CapAdd { get; init; }

    [JsonConverter(typeof(StringOrList))]
    public IReadOnlyList<string>? CapDrop { get; init; }

    public string CgroupnsMode { get; init; } = "";

    public IReadOnlyList<string>? Dns { get; init; }

    public IReadOnlyList<string>? DnsOptions { get; init; }

    public IReadOnlyList<string>? DnsSearch { get; init; }

    /// <summary>hostname:address.</summary>
    public IReadOnlyList<string>? ExtraHosts { get; init; }

    public IReadOnlyList<string>? GroupAdd { get; init; }

    public string IpcMode { get; init; } = "";

    public string Cgroup { get; init; } = "";

    public IReadOnlyList<string>? Links { get; init; }

    public int OomScoreAdj { get; init; }

    public string PidMode { get; init; } = "";

    public bool Privileged { get; init; }

    public bool PublishAllPorts { get; init; }

    public bool ReadonlyRootfs { get; init; }

    public IReadOnlyList<string>? SecurityOpt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? StorageOpt { get; init; }

    /// <summary>Target and mount options.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Tmpfs { get; init; }

    public string UTSMode { get; init; } = "";

    public string UsernsMode { get; init; } = "";

    public long ShmSize { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Sysctls { get; init; }

    public string Runtime { get; init; } = "";

    public string Isolation { get; init; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Mount>? Mounts { get; init; }

    /// <summary>Null: Docker's own; empty: none.</summary>
    public IReadOnlyList<string>? MaskedPaths { get; init; }

    /// <summary>Null: Docker's own; empty: none.</summary>
    public IReadOnlyList<string>? ReadonlyPaths { get; init; }

    /// <summary>Run an init process as PID 1; null: as the daemon says.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Init { get; init; }
}

public sealed record LogConfig
{
    public string Type { get; init; } = "";

    public IReadOnlyDictionary<string, string>? Config { get; init; }
}

public sealed record RestartPolicy
{
    /// <summary>no, on-failure, always or unless-stopped; empty: no.</summary>
    public string Name { get; init; } = "";

    public int MaximumRetryCount { get; init; }
}

/// <summary>Where on the host a container's port is published.</summary>
public sealed record PortBinding
{
    public string HostIp { get; init; } = "";

    /// <summary>A port or a range; empty or 0: any free one.</summary>
    public string HostPort { get; init; } = "";
}
