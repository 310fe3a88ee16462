using System.Net;
using System.Net.Sockets;
using Berth.Linux.Native;

namespace Berth.Linux.Sockets;

/// <summary>
/// A port of this host, taken and not served: no other program can bind it (ip(7), EADDRINUSE), and what arrives at it is refused
/// as if nobody were there. Given back by disposing.
/// </summary>
public sealed unsafe class BoundPort : IDisposable
{
    private readonly FileDescriptor _socket;

    private BoundPort(FileDescriptor socket) => _socket = socket;

    /// <summary>Takes a port in the network namespace of the calling thread.</summary>
    /// <param name="protocol">Tcp or Udp.</param>
    /// <param name="endpoint">Address and port; an IPv6 address is taken for IPv6 alone.</param>
    /// <param name="error">Why not; EADDRINUSE where another program has it.</param>
    /// <returns>Null where it cannot be taken.</returns>
    public static BoundPort? TryBind(ProtocolType protocol, IPEndPoint endpoint, out Errno error)
    {
        var kind = protocol == ProtocolType.Tcp ? Libc.SOCK_STREAM : LinuxSocket.SOCK_DGRAM;
        var address = endpoint.Serialize();
        var socket = Open(kind, address, out error);
        if (socket is null || Bind(socket, address, out error))
        {
            return socket is null ? null : new BoundPort(socket);
        }

        socket.Dispose();
        return error == Errno.EADDRINUSE && protocol == ProtocolType.Tcp ? TryBindBesidesOldConnections(kind, address, out error) : null;
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>
    /// Connections that linger after their server has gone (TIME_WAIT) keep a port from being bound. As any server does, look
    /// past them with SO_REUSEADDR, which finds a living listener all the same: two cannot listen.
    /// </summary>
    private static BoundPort? TryBindBesidesOldConnections(int kind, SocketAddress address, out Errno error)
    {
        var socket = Open(kind, address, out error);
        if (socket is null)
        {
            return null;
        }

        var on = 1;
        _ = Libc.setsockopt(socket.Number, LinuxSocket.SOL_SOCKET, LinuxSocket.SO_REUSEADDR, &on, sizeof(int));
        if (Bind(socket, address, out error) && Listen(socket, out error))
        {
            // Ends the listening; the port stays bound.
            _ = Libc.shutdown(socket.Number, LinuxSocket.SHUT_RDWR);
            return new BoundPort(socket);
        }

        socket.Dispose();
        return null;
    }

    private static FileDescriptor? Open(int kind, SocketAddress address, out Errno error)
    {
        var inet6 = address.Family == AddressFamily.InterNetworkV6;
        var family = inet6 ? LinuxRtnetlink.AF_INET6 : LinuxRtnetlink.AF_INET;
        var socket = new FileDescriptor(Libc.socket(family, kind | Libc.SOCK_CLOEXEC, 0));
        if (socket.IsInvalid)
        {
            error = LinuxException.FromLastError("socket").Errno;
            return null;
        }

        if (inet6)
        {
            var on = 1;
            _ = Libc.setsockopt(socket.Number, LinuxSocket.IPPROTO_IPV6, LinuxSocket.IPV6_V6ONLY, &on, sizeof(int));
        }

        error = Errno.None;
        return socket;
    }

    private static bool Bind(FileDescriptor socket, SocketAddress address, out Errno error)
    {
        fixed (byte* bytes = address.Buffer.Span)
        {
            var bound = Libc.bind(socket.Number, bytes, (uint)address.Size) == 0;
            error = bound ? Errno.None : LinuxException.FromLastError("bind").Errno;
            return bound;
        }
    }

    private static bool Listen(FileDescriptor socket, out Errno error)
    {
        var listening = Libc.listen(socket.Number, 1) == 0;
        error = listening ? Errno.None : LinuxException.FromLastError("listen").Errno;
        return listening;
    }
}
