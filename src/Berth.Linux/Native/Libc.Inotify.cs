using System.Runtime.InteropServices;

namespace Berth.Linux.Native;

/// <summary>inotify(7).</summary>
internal static unsafe partial class Libc
{
    internal const int IN_CLOEXEC = 0x80000;
    internal const uint IN_MODIFY = 0x2;
    internal const uint IN_MOVED_TO = 0x80;
    internal const uint IN_CREATE = 0x100;
    internal const uint IN_ONLYDIR = 0x1000000;

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int inotify_init1(int flags);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int inotify_add_watch(int fd, string pathname, uint mask);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int inotify_rm_watch(int fd, int wd);

    internal struct inotify_event
    {
        internal int wd;
        internal uint mask;
        internal uint cookie;
        internal uint len;
    }
}
