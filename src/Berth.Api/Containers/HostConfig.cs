using System.Text.Json.Serialization;

namespace Berth.Api.Containers;

/// <summary>How a container runs on this machine. The resources' part is in HostConfig.Resources.cs.</summary>
public sealed partial record HostConfig
{
    /// <summary>source:target[:options].</summary>
    public IReadOnlyList<string>? Binds { get; set; }

    public string ContainerIDFile { get; set; } = "";

    public LogConfig LogConfig { get; set => field = value ?? new(); } = new();

    /// <summary>default, bridge, host, none, container:NAME or a network's name.</summary>
    public string NetworkMode { get; set; } = "";

    /// <summary>Keys such as 80/tcp.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?>? PortBindings { get; set; }

    public RestartPolicy RestartPolicy { get; set => field = value ?? new(); } = new();

    public bool AutoRemove { get; set; }

    public string VolumeDriver { get; set; } = "";

    public IReadOnlyList<string>? VolumesFrom { get; set; }

    /// <summary>Height and width of the terminal at its start.</summary>
    public IReadOnlyList<uint>? ConsoleSize { get; set; } = [0, 0];

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Annotations { get; set; }

    public StringList? CapAdd { get; set; }

    public StringList? CapDrop { get; set; }

    public string CgroupnsMode { get; set; } = "";

    public IReadOnlyList<string>? Dns { get; set; }

    public IReadOnlyList<string>? DnsOptions { get; set; }

    public IReadOnlyList<string>? DnsSearch { get; set; }

    /// <summary>hostname:address.</summary>
    public IReadOnlyList<string>? ExtraHosts { get; set; }

    public IReadOnlyList<string>? GroupAdd { get; set; }

    public string IpcMode { get; set; } = "";

    public string Cgroup { get; set; } = "";

    public IReadOnlyList<string>? Links { get; set; }

    public int OomScoreAdj { get; set; }

    public string PidMode { get; set; } = "";

    public bool Privileged { get; set; }

    public bool PublishAllPorts { get; set; }

    public bool ReadonlyRootfs { get; set; }

    public IReadOnlyList<string>? SecurityOpt { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? StorageOpt { get; set; }

    /// <summary>Target and mount options.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Tmpfs { get; set; }

    public string UTSMode { get; set; } = "";

    public string UsernsMode { get; set; } = "";

    public long ShmSize { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Sysctls { get; set; }

    public string Runtime { get; set; } = "";

    public string Isolation { get; set; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Mount>? Mounts { get; set; }

    /// <summary>Null: Docker's own; empty: none.</summary>
    public IReadOnlyList<string>? MaskedPaths { get; set; }

    /// <summary>Null: Docker's own; empty: none.</summary>
    public IReadOnlyList<string>? ReadonlyPaths { get; set; }

    /// <summary>Run an init process as PID 1; null: as the daemon says.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Init { get; set; }
}

public sealed record LogConfig
{
    public string Type { get; set; } = "";

    public IReadOnlyDictionary<string, string>? Config { get; set; }
}

public sealed record RestartPolicy
{
    /// <summary>no, on-failure, always or unless-stopped; empty: no.</summary>
    public string Name { get; set; } = "";

    public int MaximumRetryCount { get; set; }
}

/// <summary>Where on the host a container's port is published.</summary>
public sealed record PortBinding
{
    public string HostIp { get; set; } = "";

    /// <summary>A port or a range; empty or 0: any free one.</summary>
    public string HostPort { get; set; } = "";
}
