using Berth.Oci;

namespace Berth.Images.Registry;

/// <summary>Where an image is looked for: a host and the repository's name there.</summary>
/// <param name="Host">With its port, where it is not the usual one.</param>
/// <param name="Repository">The name in the registry's paths.</param>
public sealed record RegistryTarget(string Host, string Repository)
{
    /// <summary>Docker Hub's registry; its name in references is not where it answers.</summary>
    public const string HubHost = "registry-1.docker.io";

    /// <summary>The scheme that the configuration names; null: https, and http after it where the host is insecure.</summary>
    public string? Scheme { get; init; }

    /// <summary>Whoever asks puts up with any certificate, or none.</summary>
    public bool Insecure { get; init; }

    /// <summary>Not the registry of the image's name: credentials for that one are none of its business.</summary>
    public bool IsMirror { get; init; }

    public static string HostOf(string domain) => domain == ImageReference.DefaultDomain ? HubHost : domain;

    /// <summary>Where to look for an image, in this order; the last is the registry itself, the only one that takes a push.</summary>
    /// <exception cref="RegistryException">The configuration blocks it, or cannot be followed.</exception>
    public static IReadOnlyList<RegistryTarget> Of(ImageReference name, RegistrySettings settings)
    {
        var rule = settings.Rules.Where(r => r.Matches(name.Name)).MaxBy(r => r.Prefix.Length);
        if (rule is { Blocked: true })
        {
            throw new RegistryException($"{name.FamiliarName} is blocked by the daemon's configuration (registries: {rule.Prefix})");
        }

        var origin = new RegistryTarget(HostOf(name.Domain), name.Path);
        if (rule?.Rewrite is { Length: > 0 } rewrite)
        {
            var rewritten = rewrite + name.Name[rule.Prefix.Length..];
            var slash = rewritten.IndexOf('/');
            origin = slash > 0
                ? new RegistryTarget(HostOf(rewritten[..slash]), rewritten[(slash + 1)..]) { IsMirror = rewritten[..slash] != name.Domain }
                : throw new RegistryException($"registries: the rewrite of {rule.Prefix} leaves no repository: {rewritten}");
        }

        var mirrors = (rule?.Mirrors ?? []).Concat(name.Domain == ImageReference.DefaultDomain ? settings.HubMirrors : []);
        return [.. mirrors.Select(m => OfMirror(m, name.Path)), origin];
    }

    // "https://host:port/path", or "host:port/path"; the path stands before the repository's.
    private static RegistryTarget OfMirror(string address, string path)
    {
        var scheme = address.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? "http"
            : address.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? "https"
            : null;
        var rest = (scheme is null ? address : address[(scheme.Length + 3)..]).Trim('/');
        var slash = rest.IndexOf('/');
        return new RegistryTarget(slash < 0 ? rest : rest[..slash], slash < 0 ? path : $"{rest[(slash + 1)..]}/{path}") { Scheme = scheme, IsMirror = true };
    }
}
