using System.Text;
using Berth.Linux.Native;

namespace Berth.Linux.Sockets;

/// <summary>The address of a socket by its path, which holds 107 bytes at most (unix(7)).</summary>
internal static unsafe class UnixAddress
{
    private const int PathLength = 108;

    internal static Libc.sockaddr_un Of(string path)
    {
        if (Encoding.UTF8.GetByteCount(path) >= PathLength)
        {
            throw new LinuxException("bind", Errno.ENAMETOOLONG, path);
        }

        var address = new Libc.sockaddr_un { sun_family = Libc.AF_UNIX };
        Encoding.UTF8.GetBytes(path, new Span<byte>(address.sun_path, PathLength));
        return address;
    }
}
