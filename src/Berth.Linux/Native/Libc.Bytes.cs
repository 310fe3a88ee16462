using System.Runtime.InteropServices;

namespace Berth.Linux.Native;

/// <summary>
/// Calls on files that are named by bytes: names in archives and in image layers need not be text in any encoding, and must come
/// out as they went in.
/// </summary>
internal static unsafe partial class Libc
{
    internal const uint STATX_MTIME = 0x40;
    internal const uint S_IFSOCK = 0xC000;

    [Abi(Since = "6.6")]
    internal const nint SYS_fchmodat2 = 452;

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint openat2(nint number, int dirfd, byte* pathname, open_how* how, nuint size);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int openat(int dirfd, byte* pathname, int flags, uint mode);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int mkdirat(int dirfd, byte* pathname, uint mode);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int mknodat(int dirfd, byte* pathname, uint mode, ulong dev);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int symlinkat(byte* target, int newdirfd, byte* linkpath);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int linkat(int olddirfd, byte* oldpath, int newdirfd, byte* newpath, int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int unlinkat(int dirfd, byte* pathname, int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int renameat(int olddirfd, byte* oldpath, int newdirfd, byte* newpath);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint fchmodat2(nint number, int dirfd, byte* pathname, uint mode, int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fchownat(int dirfd, byte* pathname, uint owner, uint group, int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int statx(int dirfd, byte* pathname, int flags, uint mask, statx_buffer* statxbuf);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int utimensat(int dirfd, byte* pathname, timespec* times, int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int futimens(int fd, timespec* times);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int chmod(byte* pathname, uint mode);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fchmod(int fd, uint mode);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint pwrite(int fd, byte* buf, nuint count, long offset);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int setxattr(byte* path, byte* name, byte* value, nuint size, int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fsetxattr(int fd, byte* name, byte* value, nuint size, int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint fgetxattr(int fd, byte* name, byte* value, nuint size);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint flistxattr(int fd, byte* list, nuint size);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint readlinkat(int dirfd, byte* pathname, byte* buf, nuint bufsiz);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint getdents64(int fd, byte* dirp, nuint count);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int syncfs(int fd);

    internal struct timespec
    {
        internal long tv_sec;
        internal long tv_nsec;
    }
}
