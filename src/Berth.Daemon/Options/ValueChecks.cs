using System.Net;
using System.Net.Sockets;
using Berth.Engine;
using Berth.Engine.Networks;
using Berth.Images.Registry;

namespace Berth.Daemon.Options;

/// <summary>What dockerd says of values that cannot be right; null where they can.</summary>
static class ValueChecks
{
    public static string? Address(string value) => IPAddress.TryParse(value, out _) ? null : $"{value} is not an ip address";

    public static string? IPv4Address(string value) =>
        IPAddress.TryParse(value, out var address) && address.AddressFamily == AddressFamily.InterNetwork ? null : $"{value} is not an IPv4 address";

    public static string? BridgeAddress(string value) =>
        value.Length == 0 || BridgeAddressText.Parse(value) is not null
            ? null
            : $"invalid CIDR address: {value} (the bridge's own IPv4 address, with a prefix length of 8 to 30)";

    public static string? Subnet(string value) =>
        value.Length == 0 || AddressPoolText.Network(value) is not null ? null : $"invalid CIDR address: {value} (an IPv4 subnet)";

    public static string? AddressPool(string value)
    {
        try
        {
            AddressPoolText.Parse(value);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    public static string? CgroupNamespace(string value) =>
        value is "host" or "private" ? null : $"invalid default cgroup namespace ({value}): use \"host\" or \"private\"";

    public static string? IpcMode(string value) =>
        value is "shareable" or "private" ? null : $"default IPC mode setting ({value}) is invalid; use \"shareable\" or \"private\"";

    public static string? Size(string value) => ByteCount.TryParse(value) is null ? $"invalid size: \"{value}\"" : null;

    public static string? LogFormat(string value) => value is "text" or "json" or "" ? null : $"invalid log format: {value}";

    public static string? NotNegative(string value, string what) => value.StartsWith('-') ? $"invalid {what}: {value}" : null;

    /// <summary>Runtimes that keep a container no better than berth-runtime does may be passed over; sandboxes must not.</summary>
    public static string? DefaultRuntime(string value) =>
        value is "" or "berth" or "runc" or "crun" or "youki" or "nvidia" or "io.containerd.runc.v2"
            ? null
            : $"there is no runtime \"{value}\" here, and berth-runtime may keep containers less apart from the host than that one would";

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

    private static string NoUri(string value) => $"invalid mirror: \"{value}\" is not a valid URI";
}
