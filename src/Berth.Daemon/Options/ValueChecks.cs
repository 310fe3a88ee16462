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

    public static string? Proxy(string value) => value.Length == 0 || ProxySettings.Parse(value) is not null ? null : "invalid proxy address";

    public static string? StorageDriver(string value) =>
        value is "overlay2" or "" ? null : $"driver not supported: {value}; containers are always stored with overlay2";
}
