using Berth.Images.Registry;

namespace Berth.Engine;

/// <summary>What the daemon's flags and daemon.json say, resolved. Paths are absolute.</summary>
public sealed record EngineOptions
{
    public const string DefaultExecRoot = "/run/berth";

    /// <summary>Everything that must survive a reboot.</summary>
    public string DataRoot { get; init; } = "/var/lib/berth";

    /// <summary>Everything that must not: sockets and the runtime's state.</summary>
    public string ExecRoot { get; init; } = DefaultExecRoot;

    /// <summary>Path of the berth-runtime binary.</summary>
    public required string RuntimePath { get; init; }

    /// <summary>How this program is started again as one of its own helpers: its file, after that of a runtime where it needs one.</summary>
    public IReadOnlyList<string> ProgramCommand { get; init; } = [];

    /// <summary>Name of the default network's bridge; "none": no default network.</summary>
    public string Bridge { get; init; } = "berth0";

    /// <summary>Address of the default bridge with its prefix length, such as 172.30.0.1/16; null: a free one is found.</summary>
    public string? BridgeAddress { get; init; }

    public int Mtu { get; init; } = 1500;

    /// <summary>Publish ports on this address where a container's options name none.</summary>
    public string DefaultPublishAddress { get; init; } = "0.0.0.0";

    public string DefaultLogDriver { get; init; } = "json-file";

    /// <summary>What the daemon's user asks of the default log driver, for every container that does not say otherwise.</summary>
    public IReadOnlyDictionary<string, string> DefaultLogOptions { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<string> Dns { get; init; } = [];

    public IReadOnlyList<string> DnsSearch { get; init; } = [];

    public IReadOnlyList<string> DnsOptions { get; init; } = [];

    /// <summary>Parent of every container's cgroup, from the root of the hierarchies.</summary>
    public string CgroupParent { get; init; } = "/berth";

    public bool Debug { get; init; }

    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>How registries are spoken to.</summary>
    public RegistrySettings Registries { get; init; } = new();

    /// <summary>Resource limits of processes in containers that name none themselves, by name, such as nofile.</summary>
    public IReadOnlyDictionary<string, (long Soft, long Hard)> DefaultUlimits { get; init; } =
        new Dictionary<string, (long Soft, long Hard)>();

    /// <summary>TCP addresses on which anyone is served, because the user said so: clients are warned of them.</summary>
    public IReadOnlyList<string> OpenAddresses { get; init; } = [];
}
