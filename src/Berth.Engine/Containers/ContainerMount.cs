using System.Text.Json.Serialization;
using Berth.Api.Containers;

namespace Berth.Engine.Containers;

public enum MountKind
{
    Bind,
    Volume,
    Tmpfs,
}

/// <summary>A mount of a container, resolved at its creation.</summary>
public sealed record ContainerMount
{
    public required MountKind Kind { get; init; }

    /// <summary>Absolute and clean.</summary>
    public required string Destination { get; init; }

    /// <summary>Path on the host; empty for a tmpfs.</summary>
    public string Source { get; init; } = "";

    /// <summary>The volume's name.</summary>
    public string? Name { get; init; }

    public bool ReadOnly { get; init; }

    /// <summary>The options as they were given, which inspect shows.</summary>
    public string Mode { get; init; } = "";

    /// <summary>Of a read-only bind: the mounts below it are left as they are.</summary>
    public bool ReadOnlyNonRecursive { get; init; }

    public string Propagation { get; init; } = "";

    public bool NonRecursive { get; init; }

    /// <summary>Make the source's directory where it is missing: a <c>-v</c>, as opposed to a <c>--mount</c>.</summary>
    public bool CreateSource { get; init; }

    /// <summary>The volume driver that was asked for; null: none, or it is a volume that exists.</summary>
    [JsonIgnore]
    public string? Driver { get; init; }

    /// <summary>Do not seed an empty volume with what the image has at the destination.</summary>
    public bool NoCopy { get; init; }

    /// <summary>The volume was made for this container alone, and goes with it.</summary>
    public bool Anonymous { get; init; }

    /// <summary>Mount options of a tmpfs.</summary>
    public IReadOnlyList<string> TmpfsOptions { get; init; } = [];

    /// <summary>From <c>--tmpfs</c>, which inspect does not list among the mounts.</summary>
    public bool Hidden { get; init; }

    public MountPoint ToMountPoint() => new()
    {
        Type = Kind switch { MountKind.Bind => "bind", MountKind.Volume => "volume", _ => "tmpfs" },
        Name = Name,
        Source = Source,
        Destination = Destination,
        Driver = Kind == MountKind.Volume ? "local" : null,
        Mode = Mode,
        RW = !ReadOnly,
        Propagation = Propagation,
    };
}
