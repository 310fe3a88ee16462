namespace Berth.Oci.Runtime;

/// <summary>A bundle's config.json (OCI runtime specification 1.2, config.md and config-linux.md).</summary>
/// <remarks>
/// One use of ours beyond the specification's text: a first mount with destination "/" is the root itself, an overlay that
/// the runtime mounts at <see cref="OciRoot.Path"/> inside the container's mount namespace.
/// </remarks>
public sealed record OciSpec
{
    public string OciVersion { get; init => field = value ?? "1.2.0"; } = "1.2.0";

    public OciProcess? Process { get; init; }

    public OciRoot? Root { get; init; }

    public string? Hostname { get; init; }

    public string? Domainname { get; init; }

    public IReadOnlyList<OciMount>? Mounts { get; init; }

    public OciHooks? Hooks { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public OciLinux? Linux { get; init; }
}

public sealed record OciRoot
{
    /// <summary>The root's path, absolute or relative to the bundle.</summary>
    public required string Path { get; init; }

    public bool Readonly { get; init; }
}

public sealed record OciMount
{
    public required string Destination { get; init; }

    public string? Type { get; init; }

    public string? Source { get; init; }

    public IReadOnlyList<string>? Options { get; init; }

    public IReadOnlyList<OciIdMapping>? UidMappings { get; init; }

    public IReadOnlyList<OciIdMapping>? GidMappings { get; init; }
}

public sealed record OciHooks
{
    public IReadOnlyList<OciHook>? Prestart { get; init; }

    public IReadOnlyList<OciHook>? CreateRuntime { get; init; }

    public IReadOnlyList<OciHook>? CreateContainer { get; init; }

    public IReadOnlyList<OciHook>? StartContainer { get; init; }

    public IReadOnlyList<OciHook>? Poststart { get; init; }

    public IReadOnlyList<OciHook>? Poststop { get; init; }
}

public sealed record OciHook
{
    public required string Path { get; init; }

    public IReadOnlyList<string>? Args { get; init; }

    public IReadOnlyList<string>? Env { get; init; }

    /// <summary>Seconds until the hook is ended; null: no limit.</summary>
    public int? Timeout { get; init; }
}
