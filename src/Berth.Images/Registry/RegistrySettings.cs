namespace Berth.Images.Registry;

/// <summary>What the daemon's configuration says about registries.</summary>
public sealed record RegistrySettings
{
    /// <summary>Hosts (with port, where one is meant) and subnets that may be spoken to with any certificate, or without TLS.</summary>
    public IReadOnlyList<string> InsecureRegistries { get; init; } = [];

    /// <summary>Mirrors of Docker Hub, tried in this order before it.</summary>
    public IReadOnlyList<string> HubMirrors { get; init; } = [];

    public IReadOnlyList<RegistryRule> Rules { get; init; } = [];

    /// <summary>Directories that hold one directory for each host[:port], with <c>*.crt</c> and pairs of <c>*.cert</c> and <c>*.key</c>.</summary>
    public IReadOnlyList<string> CertificateDirectories { get; init; } = ["/etc/berth/certs.d", "/etc/docker/certs.d"];

    public ProxySettings Proxies { get; init; } = new();

    /// <summary>How long a registry may say nothing before the connection counts as dead.</summary>
    public TimeSpan SilenceMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes per second that a blob must come with, over <see cref="SilenceMax"/> of waiting for it; a slower connection counts as dead, too.</summary>
    public int LeastRate { get; init; } = 1024;

    /// <summary>How often something is tried that fails for a reason that may pass.</summary>
    public int Attempts { get; init; } = 5;

    public int ParallelDownloads { get; init; } = 3;

    public int ParallelUploads { get; init; } = 5;
}

/// <summary>What is done with names that begin so: with a registry, or with a registry and the first parts of a repository.</summary>
/// <param name="Prefix">Such as <c>quay.io</c> or <c>quay.io/team</c>; the longest that matches counts.</param>
public sealed record RegistryRule(string Prefix)
{
    /// <summary>Addresses that are asked before the registry itself, for pulls: a host, or a URL.</summary>
    public IReadOnlyList<string> Mirrors { get; init; } = [];

    /// <summary>What stands in place of the prefix when the registry is asked; the image keeps its name.</summary>
    public string? Rewrite { get; init; }

    /// <summary>Nothing is pulled from there or pushed to it.</summary>
    public bool Blocked { get; init; }

    public bool Matches(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && (name.Length == Prefix.Length || name[Prefix.Length] == '/');
}
