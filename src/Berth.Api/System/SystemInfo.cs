using System.Text.Json.Serialization;

namespace Berth.Api.System;

/// <summary>Response of GET /info.</summary>
public sealed record SystemInfo
{
    public required string ID { get; init; }

    public int Containers { get; init; }

    public int ContainersRunning { get; init; }

    public int ContainersPaused { get; init; }

    public int ContainersStopped { get; init; }

    public int Images { get; init; }

    public required string Driver { get; init; }

    /// <summary>Pairs of a name and a value.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> DriverStatus { get; init; }

    public required PluginNames Plugins { get; init; }

    public bool MemoryLimit { get; init; }

    public bool SwapLimit { get; init; }

    public bool CpuCfsPeriod { get; init; }

    public bool CpuCfsQuota { get; init; }

    public bool CPUShares { get; init; }

    public bool CPUSet { get; init; }

    public bool PidsLimit { get; init; }

    public bool IPv4Forwarding { get; init; }

    public bool Debug { get; init; }

    public int NFd { get; init; }

    public bool OomKillDisable { get; init; }

    public int NGoroutines { get; init; }

    public required string SystemTime { get; init; }

    public required string LoggingDriver { get; init; }

    public required string CgroupDriver { get; init; }

    public required string CgroupVersion { get; init; }

    public int NEventsListener { get; init; }

    public required string KernelVersion { get; init; }

    public required string OperatingSystem { get; init; }

    public required string OSVersion { get; init; }

    public required string OSType { get; init; }

    public required string Architecture { get; init; }

    public required string IndexServerAddress { get; init; }

    public required RegistryConfig RegistryConfig { get; init; }

    public int NCPU { get; init; }

    public long MemTotal { get; init; }

    public IReadOnlyList<string>? GenericResources { get; init; }

    public required string DockerRootDir { get; init; }

    public string HttpProxy { get; init; } = "";

    public string HttpsProxy { get; init; } = "";

    public string NoProxy { get; init; } = "";

    public required string Name { get; init; }

    public required IReadOnlyList<string> Labels { get; init; }

    public bool ExperimentalBuild { get; init; }

    public required string ServerVersion { get; init; }

    public required IReadOnlyDictionary<string, RuntimeInfo> Runtimes { get; init; }

    public required string DefaultRuntime { get; init; }

    public required SwarmInfo Swarm { get; init; }

    public bool LiveRestoreEnabled { get; init; }

    public string Isolation { get; init; } = "";

    public required string InitBinary { get; init; }

    public required CommitInfo ContainerdCommit { get; init; }

    public required CommitInfo RuncCommit { get; init; }

    public required CommitInfo InitCommit { get; init; }

    public required IReadOnlyList<string> SecurityOptions { get; init; }

    /// <summary>Lines that clients show to their users.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>Names of the drivers of each kind.</summary>
public sealed record PluginNames
{
    public required IReadOnlyList<string> Volume { get; init; }

    public required IReadOnlyList<string> Network { get; init; }

    public IReadOnlyList<string>? Authorization { get; init; }

    public required IReadOnlyList<string> Log { get; init; }
}

/// <summary>An OCI runtime that containers can be run with.</summary>
public sealed record RuntimeInfo(
    [property: JsonPropertyName("path")] string Path,
    [property: JsonPropertyName("runtimeArgs"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    IReadOnlyList<string>? Arguments = null);

/// <summary>The commit that a component was built from; N/A where there is none.</summary>
public sealed record CommitInfo(string ID);

/// <summary>The engine's part in a swarm.</summary>
public sealed record SwarmInfo
{
    public string NodeID { get; init; } = "";

    public string NodeAddr { get; init; } = "";

    public string LocalNodeState { get; init; } = "inactive";

    public bool ControlAvailable { get; init; }

    public string Error { get; init; } = "";

    public IReadOnlyList<string>? RemoteManagers { get; init; }
}

/// <summary>How the engine reaches registries.</summary>
public sealed record RegistryConfig
{
    public required IReadOnlyList<string> InsecureRegistryCIDRs { get; init; }

    public required IReadOnlyDictionary<string, RegistryIndex> IndexConfigs { get; init; }

    public required IReadOnlyList<string> Mirrors { get; init; }
}

/// <summary>One registry by name.</summary>
public sealed record RegistryIndex
{
    public required string Name { get; init; }

    public required IReadOnlyList<string> Mirrors { get; init; }

    public bool Secure { get; init; }

    public bool Official { get; init; }
}
