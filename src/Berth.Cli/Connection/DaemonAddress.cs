using System.Globalization;
using System.Net;
using System.Text;
using Berth.Cli.CommandLine;

namespace Berth.Cli.Connection;

/// <summary>Where the daemon listens, and how to prove who we are.</summary>
sealed record DaemonAddress
{
    public const string DefaultSocket = "/run/berth/berth.sock";

    private const int PlainPort = 2375;
    private const int TlsPort = 2376;

    /// <summary>unix(7).</summary>
    private const int LongestPath = 107;

    /// <summary>As the user wrote it; messages name it.</summary>
    public required string Text { get; init; }

    /// <summary>The path of a local daemon's socket; null where it is reached through the network.</summary>
    public string? SocketPath { get; init; }

    /// <summary>Its address in the network; null where <see cref="SocketPath"/> is set.</summary>
    public EndPoint? Network { get; init; }

    /// <summary>Null where the connection is not encrypted.</summary>
    public TlsFiles? Tls { get; init; }

    /// <summary>Nobody named an address: it is the local daemon's, and one may be started there.</summary>
    public bool IsDefault { get; init; }

    /// <summary>From <c>--host</c>, BERTH_HOST or DOCKER_HOST, in this order.</summary>
    public static DaemonAddress Choose(GlobalFlags flags)
    {
        if (flags.Host.Values.Count > 1)
        {
            throw new CommandException("Specify only one -H");
        }

        var named = flags.Host.Values.FirstOrDefault()
            ?? Variable("BERTH_HOST")
            ?? Variable("DOCKER_HOST");
        if (string.IsNullOrEmpty(named))
        {
            return new DaemonAddress { Text = "unix://" + DefaultSocket, SocketPath = DefaultSocket, IsDefault = true };
        }

        return Parse(named, TlsFiles.Choose(flags));
    }

    /// <exception cref="CommandException">It is not an address, or of a kind that Berth does not connect to.</exception>
    public static DaemonAddress Parse(string text, TlsFiles? tls)
    {
        var split = text.IndexOf("://", StringComparison.Ordinal);
        var (scheme, rest) = split < 0 ? ("tcp", text) : (text[..split], text[(split + 3)..]);
        switch (scheme)
        {
            case "unix":
                var path = rest.Length == 0 ? DefaultSocket : rest;
                return new DaemonAddress { Text = "unix://" + path, SocketPath = Checked(path, text) };
            case "tcp":
                return new DaemonAddress { Text = "tcp://" + rest, Network = NetworkEndPoint(rest.TrimEnd('/'), tls is not null, text), Tls = tls };
            default:
                throw new CommandException($"unable to parse docker host `{text}`: berth connects to unix:// and tcp:// addresses");
        }
    }

    // Not the base library's end point for such paths: it makes three sockets before the first, to see what kinds there are.
    private static string Checked(string path, string text) =>
        Encoding.UTF8.GetByteCount(path) <= LongestPath
            ? path
            : throw new CommandException($"unable to parse docker host `{text}`: the path of a socket has at most {LongestPath} bytes");

    private static EndPoint NetworkEndPoint(string authority, bool tls, string text)
    {
        var port = tls ? TlsPort : PlainPort;
        var host = authority;
        var colon = authority.LastIndexOf(':');
        if (colon >= 0 && !authority.EndsWith(']'))
        {
            host = authority[..colon];
            if (!int.TryParse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is 0 or > ushort.MaxValue)
            {
                throw new CommandException($"unable to parse docker host `{text}`: bad port");
            }
        }

        host = host.Length == 0 ? "127.0.0.1" : host.Trim('[', ']');
        return IPAddress.TryParse(host, out var address) ? new IPEndPoint(address, port) : new DnsEndPoint(host, port);
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
