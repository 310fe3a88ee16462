using System.Text;
using Berth.Linux.Native;

namespace Berth.Linux.Sockets;

/// <summary>Stream sockets of the Unix domain. All are non-blocking and close-on-exec.</summary>
/// <remarks>
/// A socket is named inside an open directory and reached through /proc/self/fd, because an address holds no more than 107 bytes
/// of path (unix(7)).
/// </remarks>
public static unsafe class UnixSocket
{
    private const int Kind = Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK;

    public static (FileDescriptor First, FileDescriptor Second) Pair()
    {
        var pair = stackalloc int[2];
        if (Libc.socketpair(Libc.AF_UNIX, Kind, 0, pair) != 0)
        {
            throw LinuxException.FromLastError("socketpair");
        }

        return (new FileDescriptor(pair[0]), new FileDescriptor(pair[1]));
    }

    /// <summary>Makes a socket file in the directory and listens on it.</summary>
    public static FileDescriptor Listen(string directory, string name, int backlog)
    {
        using var opened = DirectoryPath.TryOpen(directory) ?? throw new LinuxException("open", Errno.ENOENT, directory);
        var socket = Open();
        try
        {
            var address = Address(opened, name);
            if (Libc.bind(socket.Number, &address, (uint)sizeof(Libc.sockaddr_un)) != 0)
            {
                throw LinuxException.FromLastError("bind", $"{directory}/{name}");
            }

            return Libc.listen(socket.Number, backlog) == 0 ? socket : throw LinuxException.FromLastError("listen", $"{directory}/{name}");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <returns>Null where nobody listens (any more), or there is no such socket or directory.</returns>
    public static FileDescriptor? TryConnect(string directory, string name)
    {
        using var opened = DirectoryPath.TryOpen(directory);
        if (opened is null)
        {
            return null;
        }

        var socket = Open();
        var address = Address(opened, name);
        if (Libc.connect(socket.Number, &address, (uint)sizeof(Libc.sockaddr_un)) == 0)
        {
            return socket;
        }

        var error = LinuxException.FromLastError("connect", $"{directory}/{name}");
        socket.Dispose();
        return error.Errno is Errno.ENOENT or Errno.ECONNREFUSED ? null : throw error;
    }

    /// <returns>Null where no connection waits, or the one that waited is gone.</returns>
    public static FileDescriptor? TryAccept(FileDescriptor listener)
    {
        var accepted = new FileDescriptor(Libc.accept4(listener.Number, null, null, Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK));
        if (!accepted.IsInvalid)
        {
            return accepted;
        }

        var error = LinuxException.FromLastError("accept4");
        return error.Errno is Errno.EAGAIN or Errno.ECONNABORTED or Errno.EINTR ? null : throw error;
    }

    private static FileDescriptor Open()
    {
        var socket = new FileDescriptor(Libc.socket(Libc.AF_UNIX, Kind, 0));
        return socket.IsInvalid ? throw LinuxException.FromLastError("socket") : socket;
    }

    private static Libc.sockaddr_un Address(FileDescriptor directory, string name)
    {
        var address = new Libc.sockaddr_un { sun_family = Libc.AF_UNIX };
        var path = $"/proc/self/fd/{directory.Number}/{name}";
        if (Encoding.UTF8.GetByteCount(path) >= 108)
        {
            throw new LinuxException("bind", Errno.ENAMETOOLONG, name);
        }

        Encoding.UTF8.GetBytes(path, new Span<byte>(address.sun_path, 108));
        return address;
    }
}
