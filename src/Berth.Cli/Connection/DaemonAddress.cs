using System.Globalization;
using System.Net;
using System.Text;
using Berth.Cli.CommandLine;
using Berth.Cli.Configuration;

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

    /// <summary>The context that it is from.</summary>
    public string Context { get; init; } = DaemonContext.Default;

    /// <summary>Nobody named an address: it is the local daemon's, and one may be started there.</summary>
    public bool IsDefault { get; init; }

    /// <summary>
    /// From <c>--context</c>, <c>--host</c>, BERTH_HOST, DOCKER_HOST, DOCKER_CONTEXT or the context of config.json, in this order;
    /// the context named default stands for the variables with hosts, and for the local daemon where they name none.
    /// </summary>
    /// <param name="flags">The flags before the command.</param>
    /// <param name="configured">The context of config.json.</param>
    public static DaemonAddress Choose(GlobalFlags flags, Func<string> configured)
    {
        var hosts = flags.Host.Values;
        if (hosts.Count > 0 && flags.Context.Value.Length > 0)
        {
            throw new CommandException("conflicting options: cannot specify both --host and --context");
        }

        if (hosts.Count > 1)
        {
            throw new CommandException("Failed to initialize: unable to resolve docker endpoint: Specify only one -H");
        }

        var named = hosts.Count > 0 ? hosts[0] : Variable("BERTH_HOST") ?? Variable("DOCKER_HOST");
        var context = flags.Context.Value.Length > 0 ? flags.Context.Value
            : named is not null ? DaemonContext.Default
            : Variable("DOCKER_CONTEXT") ?? configured();
        if (context is not ("" or DaemonContext.Default) && DaemonContext.Load(flags.Config.Value, context) is var known)
        {
            return (known.Host.Length == 0 ? Local : Parse(known.Host, known.Tls)) with { Context = context };
        }

        return string.IsNullOrEmpty(named) ? Local : Parse(named, TlsFiles.Choose(flags));
    }

    private static DaemonAddress Local => new() { Text = "unix://" + DefaultSocket, SocketPath = DefaultSocket, IsDefault = true };

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
