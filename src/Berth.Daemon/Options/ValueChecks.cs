using System.Net;
using Berth.Images.Registry;

namespace Berth.Daemon.Options;

/// <summary>What dockerd says of values that cannot be right; null where they can.</summary>
static class ValueChecks
{
    public static string? Address(string value) => IPAddress.TryParse(value, out _) ? null : $"{value} is not an ip address";

    public static string? Label(string value) => value.IndexOf('=', StringComparison.Ordinal) > 0 ? null : $"bad attribute format: {value}";

    public static string? LogDriver(string value) =>
        value is "json-file" or "local" or "none" or "syslog" or "journald" ? null : $"logger: no log driver named '{value}' is registered";

    /// <summary>A mirror of Docker Hub is a scheme and a host; the mirrors in <c>registries</c> may have a path.</summary>
    public static string? Mirror(string value)
    {
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        var scheme = colon < 0 ? "" : value[..colon];
        var afterScheme = value[(colon + 1)..];
        if (scheme.ToLowerInvariant() is not ("http" or "https"))
        {
            return colon == 0 ? NoUri(value) : $"invalid mirror: unsupported scheme \"{scheme}\" in \"{value}\"";
        }

        // Uri takes more for a user and a host than there can be.
        if (!Uri.TryCreate(value, UriKind.Absolute, out var uri) || uri.Host.Length == 0
            || !afterScheme.StartsWith("//", StringComparison.Ordinal) || value.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            return NoUri(value);
        }

        var rest = afterScheme[2..];
        var end = rest.IndexOfAny(['/', '?', '#']);
        if (end >= 0 && rest[end..] != "/")
        {
            return $"invalid mirror: path, query, or fragment at end of the URI \"{value}\"";
        }

        return rest.LastIndexOf('@') is var at and >= 0
            ? $"invalid mirror: username/password not allowed in URI \"{scheme}://{rest[..at].Split(':')[0]}:xxxxx{rest[at..]}\""
            : null;
    }

    public static string? Proxy(string value) => value.Length == 0 || ProxySettings.Parse(value) is not null ? null : "invalid proxy address";

    public static string? StorageDriver(string value) =>
        value is "overlay2" or "" ? null : $"driver not supported: {value}; containers are always stored with overlay2";

    private static string NoUri(string value) => $"invalid mirror: \"{value}\" is not a valid URI";
}
