using System.Runtime.InteropServices;

namespace Berth.Linux.Native;

/// <summary>epoll(7), nanosleep(2).</summary>
internal static unsafe partial class Libc
{
    internal const int EPOLL_CLOEXEC = 0x80000;
    internal const int EPOLL_CTL_ADD = 1;
    internal const int EPOLL_CTL_DEL = 2;
    internal const int EPOLL_CTL_MOD = 3;
    internal const uint EPOLLIN = 0x1;
    internal const uint EPOLLPRI = 0x2;
    internal const uint EPOLLOUT = 0x4;
    internal const uint EPOLLERR = 0x8;
    internal const uint EPOLLHUP = 0x10;

    /// <summary>struct epoll_event is packed on x86-64 and on no other architecture, so it is read and written by offset.</summary>
    [Abi(Name = "sizeof(struct epoll_event)")]
    internal static int SizeOfEpollEvent => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    [Abi(Name = "offsetof(struct epoll_event, data)")]
    internal static int OffsetOfEpollData => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int epoll_create1(int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int epoll_ctl(int epfd, int op, int fd, byte* events);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int epoll_wait(int epfd, byte* events, int maxevents, int timeout);

    /// <param name="request">struct timespec: seconds, nanoseconds.</param>
    /// <param name="remaining">What is left of it after a signal; may be null.</param>
    [LibraryImport(Library)]
    internal static partial int nanosleep(long* request, long* remaining);
}
