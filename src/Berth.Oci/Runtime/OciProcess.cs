using System.Text.Json.Serialization;

namespace Berth.Oci.Runtime;

/// <summary>The "process" of a bundle, and what <c>exec --process</c> reads.</summary>
public sealed record OciProcess
{
    public bool Terminal { get; init; }

    public OciBox? ConsoleSize { get; init; }

    // The serializer's generated code sets what a document lacks to null, initializer or not.
    public OciUser User { get; init => field = value ?? new(); } = new();

    public IReadOnlyList<string>? Args { get; init; }

    public IReadOnlyList<string>? Env { get; init; }

    /// <summary>Absolute working directory inside the container.</summary>
    public string Cwd { get; init => field = value ?? "/"; } = "/";

    public OciCapabilities? Capabilities { get; init; }

    public IReadOnlyList<OciRlimit>? Rlimits { get; init; }

    public bool NoNewPrivileges { get; init; }

    public string? ApparmorProfile { get; init; }

    public string? SelinuxLabel { get; init; }

    public int? OomScoreAdj { get; init; }

    public OciScheduler? Scheduler { get; init; }

    [JsonPropertyName("ioPriority")]
    public OciIoPriority? IoPriority { get; init; }
}

/// <summary>A console's size in characters.</summary>
public sealed record OciBox
{
    public uint Height { get; init; }

    public uint Width { get; init; }
}

public sealed record OciUser
{
    public uint Uid { get; init; }

    public uint Gid { get; init; }

    public uint? Umask { get; init; }

    public IReadOnlyList<uint>? AdditionalGids { get; init; }
}

public sealed record OciCapabilities
{
    public IReadOnlyList<string>? Bounding { get; init; }

    public IReadOnlyList<string>? Effective { get; init; }

    public IReadOnlyList<string>? Inheritable { get; init; }

    public IReadOnlyList<string>? Permitted { get; init; }

    public IReadOnlyList<string>? Ambient { get; init; }
}

public sealed record OciRlimit
{
    /// <summary>Such as RLIMIT_NOFILE.</summary>
    public required string Type { get; init; }

    public ulong Hard { get; init; }

    public ulong Soft { get; init; }
}

public sealed record OciScheduler
{
    public required string Policy { get; init; }

    public int Nice { get; init; }

    public int Priority { get; init; }

    public IReadOnlyList<string>? Flags { get; init; }

    public ulong Runtime { get; init; }

    public ulong Deadline { get; init; }

    public ulong Period { get; init; }
}

public sealed record OciIoPriority
{
    public required string Class { get; init; }

    public int Priority { get; init; }
}
