using Berth.Linux.Native;

namespace Berth.Linux.Sockets;

/// <summary>A Unix socket that keeps messages apart (SOCK_SEQPACKET), waits, and can carry a descriptor with a message. Close-on-exec.</summary>
public sealed unsafe class MessageSocket : IDisposable
{
    private const int Kind = Libc.SOCK_SEQPACKET | Libc.SOCK_CLOEXEC;

    // struct cmsghdr and one int, aligned as CMSG_SPACE does.
    private const int ControlSpace = 24;
    private const int ControlLength = 20;

    public MessageSocket(FileDescriptor descriptor) => Descriptor = descriptor;

    public FileDescriptor Descriptor { get; }

    public static (MessageSocket First, MessageSocket Second) Pair()
    {
        var pair = stackalloc int[2];
        return Libc.socketpair(Libc.AF_UNIX, Kind, 0, pair) == 0
            ? (new MessageSocket(new FileDescriptor(pair[0])), new MessageSocket(new FileDescriptor(pair[1])))
            : throw LinuxException.FromLastError("socketpair");
    }

    /// <summary>Makes a socket file in the directory and listens on it.</summary>
    public static MessageSocket Listen(string directory, string name)
    {
        using var opened = DirectoryPath.TryOpen(directory) ?? throw new LinuxException("open", Errno.ENOENT, directory);
        var socket = Open(Kind);
        var path = $"/proc/self/fd/{opened.Number}/{name}";
        var address = UnixAddress.Of(path);
        if (Libc.bind(socket.Descriptor.Number, &address, (uint)sizeof(Libc.sockaddr_un)) == 0 && Libc.listen(socket.Descriptor.Number, 1) == 0)
        {
            return socket;
        }

        var error = LinuxException.FromLastError("bind", path);
        socket.Dispose();
        throw error;
    }

    /// <returns>Null where nobody listens (any more), or there is no such socket.</returns>
    public static MessageSocket? TryConnect(string directory, string name)
    {
        using var opened = DirectoryPath.TryOpen(directory);
        return opened is null ? null : TryConnect($"/proc/self/fd/{opened.Number}/{name}", Kind);
    }

    /// <summary>Connects to a stream socket, to hand it a descriptor.</summary>
    public static MessageSocket? TryConnectStream(string path) => TryConnect(path, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC);

    /// <summary>Waits for a connection.</summary>
    public MessageSocket Accept()
    {
        while (true)
        {
            var accepted = new FileDescriptor(Libc.accept4(Descriptor.Number, null, null, Libc.SOCK_CLOEXEC));
            if (!accepted.IsInvalid)
            {
                return new MessageSocket(accepted);
            }

            if (LinuxException.FromLastError("accept4") is { Errno: not (Errno.EINTR or Errno.ECONNABORTED) } error)
            {
                throw error;
            }
        }
    }

    /// <returns>False where the other end is gone.</returns>
    public bool TrySend(ReadOnlySpan<byte> message, FileDescriptor? attached = null)
    {
        var control = stackalloc byte[ControlSpace];
        fixed (byte* bytes = message)
        {
            var vector = new Libc.iovec { iov_base = bytes, iov_len = (nuint)message.Length };
            var header = new Libc.msghdr { msg_iov = &vector, msg_iovlen = 1 };
            if (attached is not null)
            {
                var rights = (Libc.cmsghdr*)control;
                *rights = new Libc.cmsghdr { cmsg_len = ControlLength, cmsg_level = Libc.SOL_SOCKET, cmsg_type = Libc.SCM_RIGHTS };
                *(int*)(rights + 1) = attached.Number;
                header.msg_control = control;
                header.msg_controllen = ControlSpace;
            }

            while (Libc.sendmsg(Descriptor.Number, &header, Libc.MSG_NOSIGNAL) < 0)
            {
                var error = LinuxException.FromLastError("sendmsg");
                switch (error.Errno)
                {
                    case Errno.EINTR:
                        continue;
                    case Errno.EPIPE or Errno.ECONNRESET:
                        return false;
                    default:
                        throw error;
                }
            }

            return true;
        }
    }

    /// <summary>Waits for a message.</summary>
    /// <param name="attached">The descriptor that came with it, or null.</param>
    /// <returns>The message's length; 0 when the other end is closed.</returns>
    public int Receive(Span<byte> buffer, out FileDescriptor? attached)
    {
        var control = stackalloc byte[ControlSpace];
        fixed (byte* bytes = buffer)
        {
            var vector = new Libc.iovec { iov_base = bytes, iov_len = (nuint)buffer.Length };
            while (true)
            {
                var header = new Libc.msghdr { msg_iov = &vector, msg_iovlen = 1, msg_control = control, msg_controllen = ControlSpace };
                var length = Libc.recvmsg(Descriptor.Number, &header, Libc.MSG_CMSG_CLOEXEC);
                if (length >= 0)
                {
                    var rights = (Libc.cmsghdr*)control;
                    attached = header.msg_controllen >= ControlLength && rights->cmsg_type == Libc.SCM_RIGHTS
                        ? new FileDescriptor(*(int*)(rights + 1))
                        : null;
                    return (int)length;
                }

                var error = LinuxException.FromLastError("recvmsg");
                // The other end closed without having read all that it was sent. It is told once, ahead of what it had sent itself.
                if (error.Errno is not (Errno.EINTR or Errno.ECONNRESET))
                {
                    throw error;
                }
            }
        }
    }

    public void Dispose() => Descriptor.Dispose();

    private static MessageSocket? TryConnect(string path, int kind)
    {
        var socket = Open(kind);
        var address = UnixAddress.Of(path);
        if (Libc.connect(socket.Descriptor.Number, &address, (uint)sizeof(Libc.sockaddr_un)) == 0)
        {
            return socket;
        }

        var error = LinuxException.FromLastError("connect", path);
        socket.Dispose();
        return error.Errno is Errno.ENOENT or Errno.ECONNREFUSED ? null : throw error;
    }

    private static MessageSocket Open(int kind)
    {
        var descriptor = new FileDescriptor(Libc.socket(Libc.AF_UNIX, kind, 0));
        return descriptor.IsInvalid ? throw LinuxException.FromLastError("socket") : new MessageSocket(descriptor);
    }
}
