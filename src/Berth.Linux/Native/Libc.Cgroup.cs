using System.Runtime.InteropServices;

namespace Berth.Linux.Native;

/// <summary>What cgroup files and directories are worked with: read(2), write(2), poll(2), kill(2).</summary>
internal static unsafe partial class Libc
{
    internal const short POLLIN = 1;
    internal const short POLLPRI = 2;
    internal const short POLLOUT = 4;
    internal const int SIGKILL = 9;

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint read(int fd, void* buf, nuint count);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint write(int fd, void* buf, nuint count);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int poll(pollfd* fds, nuint nfds, int timeout);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int kill(int pid, int sig);

    internal struct pollfd
    {
        internal int fd;
        internal short events;
        internal short revents;
    }
}
