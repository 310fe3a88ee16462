using System.Runtime.InteropServices;

namespace Berth.Linux.Native;

/// <summary>socket(2) and its family, for Unix sockets.</summary>
internal static unsafe partial class Libc
{
    internal const int AF_UNIX = 1;
    internal const int SOCK_STREAM = 1;
    internal const int SOCK_CLOEXEC = 0x80000;
    internal const int SOCK_NONBLOCK = 0x800;

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int socketpair(int domain, int type, int protocol, int* pair);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int socket(int domain, int type, int protocol);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int bind(int fd, sockaddr_un* address, uint length);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int connect(int fd, sockaddr_un* address, uint length);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int listen(int fd, int backlog);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int accept4(int fd, sockaddr_un* address, uint* length, int flags);

    [StructLayout(LayoutKind.Sequential)]
    internal struct sockaddr_un
    {
        internal ushort sun_family;
        internal fixed byte sun_path[108];
    }
}
