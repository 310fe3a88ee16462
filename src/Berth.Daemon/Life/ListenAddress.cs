using System.Globalization;
using System.Net;

namespace Berth.Daemon.Life;

/// <summary>Where the daemon listens: unix://PATH, tcp://HOST:PORT, or fd:// for the sockets that a service manager opened.</summary>
/// <param name="Text">As the user wrote it.</param>
/// <param name="Scheme">unix, tcp or fd.</param>
/// <param name="Place">What follows the scheme: a path, an address, or nothing.</param>
/// <param name="Tls">How a TCP address is encrypted; null: not at all.</param>
sealed record ListenAddress(string Text, string Scheme, string Place, TlsOptions? Tls)
{
    public const string DefaultSocket = "/run/berth/berth.sock";

    /// <summary>All sockets that a service manager opened.</summary>
    public const string Inherited = "fd://";

    /// <summary>The longest path that the address of a Unix socket holds (unix(7)).</summary>
    private const int LongestSocketPath = 107;

    public bool IsTcp => Scheme == "tcp";

    /// <summary>For the table of options: what is wrong with an address; null where nothing is.</summary>
    public static string? Check(string text)
    {
        var (scheme, place) = Split(text);
        return scheme switch
        {
            "unix" when System.Text.Encoding.UTF8.GetByteCount(place) > LongestSocketPath =>
                $"the path of a socket has at most {LongestSocketPath} bytes: {place}",
            "unix" or "fd" => null,
            "tcp" when TryParseTcp(place, 0) is null => $"Invalid bind address format: {text}",
            "tcp" => null,
            _ => $"Invalid bind address format: {text}",
        };
    }

    public static ListenAddress Parse(string text, TlsOptions? tls)
    {
        var (scheme, place) = Split(text);
        return scheme switch
        {
            "unix" => new ListenAddress(text, scheme, place.Length == 0 ? DefaultSocket : Path.GetFullPath(place), null),
            "tcp" => new ListenAddress(text, scheme, place, tls),
            _ => new ListenAddress(text, scheme, place, null),
        };
    }

    /// <summary>The address of a TCP socket; Docker's ports where none is named.</summary>
    public IPEndPoint TcpEndPoint => TryParseTcp(Place, Tls is null ? 2375 : 2376)!;

    private static (string Scheme, string Place) Split(string text)
    {
        var end = text.IndexOf("://", StringComparison.Ordinal);
        return end < 0 ? ("tcp", text) : (text[..end], text[(end + 3)..]);
    }

    private static IPEndPoint? TryParseTcp(string text, int defaultPort)
    {
        var host = text.TrimEnd('/');
        var port = defaultPort;
        var colon = host.LastIndexOf(':');
        if (colon >= 0 && !host.EndsWith(']'))
        {
            if (!int.TryParse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port > 65535)
            {
                return null;
            }

            host = host[..colon];
        }

        host = host switch { "" or "localhost" => "127.0.0.1", _ => host.Trim('[', ']') };
        return IPAddress.TryParse(host, out var address) ? new IPEndPoint(address, port) : null;
    }
}
