using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Berth.Engine.Containers.Logs;

/// <summary>Where a log is sent, found and tried before the container starts: one whose log goes nowhere is not started.</summary>
/// <param name="Address">Absolute path of a Unix socket, or an IP address with a port.</param>
internal readonly record struct LogDestination(string Address, bool Stream)
{
    private const string JournalSocket = "/run/systemd/journal/socket";

    private static readonly string[] _localSyslog = ["/dev/log", "/var/run/syslog", "/var/run/log"];
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _verdictPatience = TimeSpan.FromSeconds(1);

    public static LogDestination OfJournal() => File.Exists(JournalSocket)
        ? new LogDestination(JournalSocket, Stream: false)
        : throw Failure("journald is not enabled on this host");

    public static async Task<LogDestination> OfSyslogAsync(SyslogOptions options, CancellationToken cancellationToken)
    {
        if (options.IsLocal)
        {
            var found = from path in _localSyslog where File.Exists(path) from stream in (bool[])[false, true] select new LogDestination(path, stream);
            foreach (var candidate in found)
            {
                if (await ConnectAsync(new UnixDomainSocketEndPoint(candidate.Address), candidate.Stream, cancellationToken) is null)
                {
                    return candidate;
                }
            }

            throw Failure("Unix syslog delivery error");
        }

        var end = options.Path is { } name
            ? (EndPoint)new UnixDomainSocketEndPoint(name)
            : new IPEndPoint(await ResolveAsync(options.Host, cancellationToken), options.Port);
        return await ConnectAsync(end, options.Stream, cancellationToken) is { } reason
            ? throw Failure($"dial {end}: {reason}")
            : new LogDestination(options.Path ?? end.ToString()!, options.Stream);
    }

    /// <summary>Makes a connection as the relay will, and gives it up.</summary>
    public static async Task TryAsync(SyslogTls server, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await server.ConnectAsync(cancellationToken);
            await AwaitVerdictAsync(connection, cancellationToken);
        }
        catch (IOException e)
        {
            throw Failure($"dial tcp+tls://{server.Address}: {e.Message}");
        }
    }

    /// <summary>
    /// With TLS 1.3 the client's handshake is over before the server has looked at its certificate. What the server thinks of it
    /// comes as the answer to our taking leave: an error, or the end.
    /// </summary>
    /// <exception cref="IOException">The server refused us.</exception>
    private static async Task AwaitVerdictAsync(SslStream connection, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(_verdictPatience);
        try
        {
            await connection.ShutdownAsync();
            _ = await connection.ReadAsync(new byte[1], timeout.Token);
        }
        catch (IOException e) when (e.InnerException is not SocketException)
        {
            throw new IOException(e.GetBaseException().Message, e);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // It does not bother to answer, which says nothing against us.
        }
    }

    private static async Task<IPAddress> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var address))
        {
            return address;
        }

        try
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timeout.CancelAfter(_patience);
            return (await Dns.GetHostAddressesAsync(host, timeout.Token))[0];
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw Failure($"lookup {host}: no such host");
        }
    }

    /// <returns>Why not; null: it works.</returns>
    private static async Task<string?> ConnectAsync(EndPoint end, bool stream, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(_patience);
        using var socket = new Socket(end.AddressFamily, stream ? SocketType.Stream : SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(end, timeout.Token);
            return null;
        }
        catch (SocketException e)
        {
            return e.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "i/o timeout";
        }
    }

    private static EngineException Failure(string reason) => new(ErrorKind.System, $"failed to initialize logging driver: {reason}");
}
