using System.Net;
using System.Runtime.InteropServices;
using Berth.Linux.Native;

namespace Berth.Linux.Sockets;

/// <summary>Sockets that are connected to another program's. All are non-blocking and close-on-exec.</summary>
public static unsafe class OutgoingSocket
{
    /// <summary>Connects, or begins to: whether that succeeds shows when something is written.</summary>
    /// <param name="address">Absolute path of a Unix socket, or an IP address with a port.</param>
    /// <param name="stream">A connection of bytes; otherwise one of datagrams.</param>
    /// <returns>Null where nobody is there.</returns>
    public static FileDescriptor? TryConnect(string address, bool stream)
    {
        var kind = (stream ? Libc.SOCK_STREAM : LinuxSocket.SOCK_DGRAM) | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK;
        if (address is ['/', ..])
        {
            var path = UnixAddress.Of(address);
            return TryConnect(Libc.AF_UNIX, kind, (byte*)&path, sizeof(Libc.sockaddr_un));
        }

        var endpoint = IPEndPoint.Parse(address).Serialize();
        var family = endpoint.Family == System.Net.Sockets.AddressFamily.InterNetworkV6 ? LinuxRtnetlink.AF_INET6 : LinuxRtnetlink.AF_INET;
        fixed (byte* bytes = endpoint.Buffer.Span)
        {
            return TryConnect(family, kind, bytes, endpoint.Size);
        }
    }

    /// <summary>Waits until something can be written.</summary>
    /// <returns>False where that was not so in time.</returns>
    public static bool WaitWritable(FileDescriptor socket, int milliseconds)
    {
        var entry = new Libc.pollfd { fd = socket.Number, events = Libc.POLLOUT };
        return Libc.poll(&entry, 1, milliseconds) > 0;
    }

    private static FileDescriptor? TryConnect(int family, int kind, byte* address, int length)
    {
        var socket = new FileDescriptor(Libc.socket(family, kind, 0));
        if (!socket.IsInvalid
            && (Libc.connect(socket.Number, (Libc.sockaddr_un*)address, (uint)length) == 0 || (Errno)Marshal.GetLastPInvokeError() is Errno.EINPROGRESS))
        {
            return socket;
        }

        socket.Dispose();
        return null;
    }
}
