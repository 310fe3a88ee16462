using System.Globalization;
using System.Net.Sockets;
using Berth.Engine;
using Berth.Linux.Files;

namespace Berth.Daemon.Life;

/// <summary>A socket that is bound, with its permissions set, before anyone can connect to it.</summary>
/// <param name="Socket">It removes its file, if it has one, when it is closed.</param>
/// <param name="Tls">How its connections are encrypted; null: not at all.</param>
sealed record ListenSocket(Socket Socket, TlsOptions? Tls) : IDisposable
{
    private const int FirstInherited = 3;
    private const uint Mode = 0x1B0; // 0660

    /// <param name="address">Where to listen.</param>
    /// <param name="group">The group that may connect to a Unix socket besides root.</param>
    public static IEnumerable<ListenSocket> Open(ListenAddress address, string? group) => address.Scheme switch
    {
        "unix" => [OpenUnix(address.Place, group)],
        "tcp" => [OpenTcp(address)],
        _ => Inherited(address),
    };

    /// <summary>How many sockets a service manager opened for this process.</summary>
    public static int InheritedCount() =>
        Environment.GetEnvironmentVariable("LISTEN_PID") == Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
        && int.TryParse(Environment.GetEnvironmentVariable("LISTEN_FDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count
            : 0;

    public void Dispose() => Socket.Dispose();

    private static ListenSocket OpenUnix(string path, string? group)
    {
        uint? owner = group is null ? null : UserGroup.TryFind(group)
            ?? throw new EngineException(ErrorKind.InvalidParameter, $"could not change group {path} to {group}: group {group} not found");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        RemoveStale(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            // Nobody can connect before it listens, which is later.
            using var file = HeldEntry.Open(path);
            if (owner is { } id)
            {
                file.SetOwner(uint.MaxValue, id);
            }

            file.SetMode(Mode);

            return new ListenSocket(socket, null);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Removes the file that a killed daemon left; the socket of one that lives is left alone.</summary>
    private static void RemoveStale(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException)
        {
            File.Delete(path);
            return;
        }

        throw new EngineException(ErrorKind.Conflict, $"listen unix {path}: address already in use");
    }

    private static ListenSocket OpenTcp(ListenAddress address)
    {
        var endPoint = address.TcpEndPoint;
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endPoint);
            return new ListenSocket(socket, address.Tls);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new EngineException(ErrorKind.Conflict, $"listen tcp {endPoint}: {e.Message}", e);
        }
    }

    /// <summary>The sockets of a service manager, by the protocol of sd_listen_fds(3).</summary>
    private static List<ListenSocket> Inherited(ListenAddress address)
    {
        var count = InheritedCount();
        if (count == 0)
        {
            throw new EngineException(
                ErrorKind.InvalidParameter, $"no sockets found via socket activation for {address.Text}: make sure the service was started by systemd");
        }

        return
        [
            .. Enumerable.Range(FirstInherited, count)
                .Select(fd => new ListenSocket(new Socket(new SafeSocketHandle(fd, ownsHandle: true)), null)),
        ];
    }
}
