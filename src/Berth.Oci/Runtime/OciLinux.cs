using System.Text.Json.Serialization;

namespace Berth.Oci.Runtime;

/// <summary>The "linux" section of a bundle (config-linux.md).</summary>
public sealed record OciLinux
{
    public IReadOnlyList<OciNamespace>? Namespaces { get; init; }

    public IReadOnlyList<OciIdMapping>? UidMappings { get; init; }

    public IReadOnlyList<OciIdMapping>? GidMappings { get; init; }

    public IReadOnlyList<OciDevice>? Devices { get; init; }

    /// <summary>Absolute, from the root of every hierarchy; or relative, below the runtime's default.</summary>
    public string? CgroupsPath { get; init; }

    public OciResources? Resources { get; init; }

    public IReadOnlyDictionary<string, string>? Sysctl { get; init; }

    public OciSeccomp? Seccomp { get; init; }

    /// <summary>private, shared, slave, unbindable, or one of them with an r before it; null: rprivate.</summary>
    public string? RootfsPropagation { get; init; }

    public IReadOnlyList<string>? MaskedPaths { get; init; }

    public IReadOnlyList<string>? ReadonlyPaths { get; init; }

    public string? MountLabel { get; init; }

    public OciPersonality? Personality { get; init; }
}

public sealed record OciNamespace
{
    /// <summary>pid, network, mount, ipc, uts, user, cgroup or time.</summary>
    public required string Type { get; init; }

    /// <summary>The namespace to join; null: a new one.</summary>
    public string? Path { get; init; }
}

public sealed record OciIdMapping
{
    [JsonPropertyName("containerID")]
    public uint ContainerId { get; init; }

    [JsonPropertyName("hostID")]
    public uint HostId { get; init; }

    public uint Size { get; init; }
}

public sealed record OciDevice
{
    /// <summary>c, b, u or p.</summary>
    public required string Type { get; init; }

    public required string Path { get; init; }

    public long Major { get; init; }

    public long Minor { get; init; }

    public uint? FileMode { get; init; }

    public uint? Uid { get; init; }

    public uint? Gid { get; init; }
}

public sealed record OciPersonality
{
    public required string Domain { get; init; }

    public IReadOnlyList<string>? Flags { get; init; }
}
