using System.Runtime.InteropServices;

namespace Berth.Linux.Native;

/// <summary>openat2(2), mkdirat(2) and the other calls that take a directory's descriptor and a name.</summary>
internal static unsafe partial class Libc
{
    internal const int AT_FDCWD = -100;
    internal const int AT_SYMLINK_NOFOLLOW = 0x100;
    internal const int AT_REMOVEDIR = 0x200;
    internal const int AT_NO_AUTOMOUNT = 0x800;
    internal const int AT_EMPTY_PATH = 0x1000;
    internal const int AT_RECURSIVE = 0x8000;

    internal const int O_CREAT = 0x40;
    internal const int O_EXCL = 0x80;
    internal const int O_NOCTTY = 0x100;
    internal const int O_TRUNC = 0x200;
    internal const nuint FS_IOC_GETFLAGS = 0x80086601;
    internal const nuint FS_IOC_SETFLAGS = 0x40086602;
    internal const int FS_TOPDIR_FL = 0x00020000;

    internal const ulong RESOLVE_NO_XDEV = 0x01;
    internal const ulong RESOLVE_NO_MAGICLINKS = 0x02;
    internal const ulong RESOLVE_NO_SYMLINKS = 0x04;
    internal const ulong RESOLVE_BENEATH = 0x08;
    internal const ulong RESOLVE_IN_ROOT = 0x10;
    internal const long PROC_SUPER_MAGIC = 0x9FA0;

    internal const uint S_IFMT = 0xF000;
    internal const uint S_IFIFO = 0x1000;
    internal const uint S_IFCHR = 0x2000;
    internal const uint S_IFDIR = 0x4000;
    internal const uint S_IFBLK = 0x6000;
    internal const uint S_IFREG = 0x8000;
    internal const uint S_IFLNK = 0xA000;

    internal const uint STATX_BASIC_STATS = 0x7FF;
    internal const uint STATX_MNT_ID = 0x1000;
    internal const int X_OK = 1;

    internal const nint SYS_openat2 = 437;

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint openat2(nint number, int dirfd, string pathname, open_how* how, nuint size);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int openat(int dirfd, string pathname, int flags, uint mode);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int mknodat(int dirfd, string pathname, uint mode, ulong dev);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int mkdirat(int dirfd, string pathname, uint mode);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int symlinkat(string target, int newdirfd, string linkpath);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int unlinkat(int dirfd, string pathname, int flags);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint readlinkat(int dirfd, string pathname, byte* buf, nuint bufsiz);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int faccessat(int dirfd, string pathname, int mode, int flags);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int statx(int dirfd, string pathname, int flags, uint mask, statx_buffer* statxbuf);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int chdir(string path);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial byte* getcwd(byte* buf, nuint size);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fchdir(int fd);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int chroot(string path);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fstatfs(int fd, statfs_buffer* buf);

    [LibraryImport(Library)]
    internal static partial uint umask(uint mask);

    internal struct open_how
    {
        internal ulong flags;
        internal ulong mode;
        internal ulong resolve;
    }

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    [Abi(Name = "struct statx")]
    internal struct statx_buffer
    {
        [FieldOffset(16)]
        internal uint stx_nlink;

        [FieldOffset(20)]
        internal uint stx_uid;

        [FieldOffset(24)]
        internal uint stx_gid;

        [FieldOffset(28)]
        internal ushort stx_mode;

        [FieldOffset(32)]
        internal ulong stx_ino;

        [FieldOffset(40)]
        internal ulong stx_size;

        [FieldOffset(48)]
        internal ulong stx_blocks;

        [FieldOffset(96)]
        [Abi(Name = "stx_ctime.tv_sec")]
        internal long stx_ctime_sec;

        [FieldOffset(104)]
        [Abi(Name = "stx_ctime.tv_nsec")]
        internal uint stx_ctime_nsec;

        [FieldOffset(112)]
        [Abi(Name = "stx_mtime.tv_sec")]
        internal long stx_mtime_sec;

        [FieldOffset(120)]
        [Abi(Name = "stx_mtime.tv_nsec")]
        internal uint stx_mtime_nsec;

        [FieldOffset(128)]
        internal uint stx_rdev_major;

        [FieldOffset(132)]
        internal uint stx_rdev_minor;

        [FieldOffset(136)]
        internal uint stx_dev_major;

        [FieldOffset(140)]
        internal uint stx_dev_minor;

        [FieldOffset(144)]
        internal ulong stx_mnt_id;
    }

    [StructLayout(LayoutKind.Explicit, Size = 120)]
    [Abi(Name = "struct statfs")]
    internal struct statfs_buffer
    {
        [FieldOffset(0)]
        internal long f_type;

        [FieldOffset(80)]
        internal long f_flags;
    }
}
