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
    private const string Schemes = "it begins with udp://, tcp://, tcp+tls://, unix:// or unixgram://";
    private const int DefaultPort = 514;
    private const int Daemon = 3;
    private const int SeverityBits = 3;

    // In the order of their numbers (RFC 5424, 6.2.1); those between ftp and local0 have no name here.
    private static readonly string[] _facilities =
    [
        "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "", "", "", "",
        "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
    ];

    /// <summary>The connection is encrypted; null: it is not.</summary>
    public SyslogTls? Tls { get; init; }

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
        var (certificate, key) = (File(log, "syslog-tls-cert"), File(log, "syslog-tls-key"));
        if (certificate is null != key is null)
        {
            throw ContainerErrors.Invalid("syslog-tls-cert and syslog-tls-key are given together or not at all");
        }

        // With Docker its mere presence is a yes.
        var skipVerify = LogDrivers.Option(log, "syslog-tls-skip-verify") is "" || LogDrivers.Flag(log, "syslog-tls-skip-verify");
        if (string.IsNullOrEmpty(address))
        {
            return new SyslogOptions(null, "", 0, Stream: false, format, facility);
        }

        var (scheme, rest) = address.Split("://", 2) is [var s, var r] ? (s, r) : throw Invalid(address, Schemes);
        switch (scheme)
        {
            case "unix" or "unixgram":
                return rest is ['/', _, ..]
                    ? new SyslogOptions(rest, "", 0, scheme == "unix", format, facility)
                    : throw Invalid(address, "a socket's path is absolute");
            case "udp" or "tcp" or "tcp+tls":
                if (!Uri.TryCreate($"{scheme}://{rest}", UriKind.Absolute, out var uri) || uri.DnsSafeHost.Length == 0 || uri.AbsolutePath is not ("/" or ""))
                {
                    throw Invalid(address, "a host and a port are expected");
                }

                var (host, port) = (uri.DnsSafeHost, uri.Port > 0 ? uri.Port : DefaultPort);
                return new SyslogOptions(null, host, port, scheme != "udp", format, facility)
                {
                    Tls = scheme == "tcp+tls" ? new SyslogTls(host, port, File(log, "syslog-tls-ca-cert"), certificate, key, skipVerify) : null,
                };
            default:
                throw Invalid(address, Schemes);
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

    private static string? File(LogConfig log, string name) =>
        LogDrivers.Option(log, name) is { Length: > 0 } file ? System.IO.Path.GetFullPath(file) : null;

    private static EngineException Invalid(string address, string reason) =>
        ContainerErrors.Invalid($"invalid syslog-address \"{address}\": {reason}");
}
