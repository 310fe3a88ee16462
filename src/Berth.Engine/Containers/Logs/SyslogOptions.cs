using System.Globalization;
using Berth.Api.Containers;
using Berth.Engine.Containers.Creation;
using Berth.Monitor;

namespace Berth.Engine.Containers.Logs;

/// <summary>The options of the syslog driver, read.</summary>
/// <param name="Path">Of a Unix socket; null: a host.</param>
/// <param name="Host">Empty with a path, and for the local daemon, whose socket is looked for.</param>
/// <param name="Stream">tcp or unix; otherwise udp or unixgram.</param>
internal sealed record SyslogOptions(string? Path, string Host, int Port, bool Stream, ForwardFormat Format, int Facility)
{
    private const int DefaultPort = 514;
    private const int Daemon = 3;
    private const int SeverityBits = 3;

    // In the order of their numbers (RFC 5424, 6.2.1); those between ftp and local0 have no name here.
    private static readonly string[] _facilities =
    [
        "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "", "", "", "",
        "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
    ];

    /// <summary>The daemon of this machine is meant.</summary>
    public bool IsLocal => Path is null && Host.Length == 0;

    public static SyslogOptions Parse(LogConfig log)
    {
        var format = LogDrivers.Option(log, "syslog-format") switch
        {
            null or "" => ForwardFormat.LocalSyslog,
            "rfc3164" => ForwardFormat.Rfc3164,
            "rfc5424" => ForwardFormat.Rfc5424,
            "rfc5424micro" => ForwardFormat.Rfc5424Micro,
            var other => throw ContainerErrors.Invalid($"invalid syslog format: {other}"),
        };
        var facility = ParseFacility(LogDrivers.Option(log, "syslog-facility")) << SeverityBits;
        var address = LogDrivers.Option(log, "syslog-address");
        if (string.IsNullOrEmpty(address))
        {
            return new SyslogOptions(null, "", 0, Stream: false, format, facility);
        }

        var (scheme, rest) = address.Split("://", 2) is [var s, var r] ? (s, r) : throw Invalid(address, "it begins with udp://, tcp://, unix:// or unixgram://");
        switch (scheme)
        {
            case "unix" or "unixgram":
                return rest is ['/', _, ..]
                    ? new SyslogOptions(rest, "", 0, scheme == "unix", format, facility)
                    : throw Invalid(address, "a socket's path is absolute");
            case "udp" or "tcp":
                return Uri.TryCreate($"{scheme}://{rest}", UriKind.Absolute, out var uri) && uri.DnsSafeHost.Length > 0 && uri.AbsolutePath is "/" or ""
                    ? new SyslogOptions(null, uri.DnsSafeHost, uri.Port > 0 ? uri.Port : DefaultPort, scheme == "tcp", format, facility)
                    : throw Invalid(address, "a host and a port are expected");
            case "tcp+tls":
                throw Invalid(address, "TLS is not supported");
            default:
                throw Invalid(address, "it begins with udp://, tcp://, unix:// or unixgram://");
        }
    }

    private static int ParseFacility(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return Daemon;
        }

        var named = text.Length == 0 ? -1 : Array.IndexOf(_facilities, text);
        return named >= 0 ? named
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < _facilities.Length ? number
            : throw ContainerErrors.Invalid("invalid syslog facility");
    }

    private static EngineException Invalid(string address, string reason) =>
        ContainerErrors.Invalid($"invalid syslog-address \"{address}\": {reason}");
}
