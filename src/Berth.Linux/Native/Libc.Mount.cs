using System.Runtime.InteropServices;

namespace Berth.Linux.Native;

/// <summary>mount(2), umount2(2), pivot_root(2) and the file-descriptor based mount calls (fsopen(2), mount_setattr(2) and their family).</summary>
internal static unsafe partial class Libc
{
    internal const nuint MS_RDONLY = 1;
    internal const nuint MS_NOSUID = 2;
    internal const nuint MS_NODEV = 4;
    internal const nuint MS_NOEXEC = 8;
    internal const nuint MS_SYNCHRONOUS = 16;
    internal const nuint MS_REMOUNT = 32;
    internal const nuint MS_MANDLOCK = 64;
    internal const nuint MS_DIRSYNC = 128;
    internal const nuint MS_NOSYMFOLLOW = 256;
    internal const nuint MS_NOATIME = 1024;
    internal const nuint MS_NODIRATIME = 2048;
    internal const nuint MS_BIND = 4096;
    internal const nuint MS_MOVE = 8192;
    internal const nuint MS_REC = 16384;
    internal const nuint MS_SILENT = 32768;
    internal const nuint MS_UNBINDABLE = 1 << 17;
    internal const nuint MS_PRIVATE = 1 << 18;
    internal const nuint MS_SLAVE = 1 << 19;
    internal const nuint MS_SHARED = 1 << 20;
    internal const nuint MS_RELATIME = 1 << 21;
    internal const nuint MS_I_VERSION = 1 << 23;
    internal const nuint MS_STRICTATIME = 1 << 24;
    internal const nuint MS_LAZYTIME = 1 << 25;

    internal const int MNT_DETACH = 2;

    internal const uint OPEN_TREE_CLONE = 1;
    internal const uint OPEN_TREE_CLOEXEC = 0x80000;

    internal const uint FSOPEN_CLOEXEC = 1;
    internal const uint FSMOUNT_CLOEXEC = 1;

    internal const uint FSCONFIG_SET_FLAG = 0;
    internal const uint FSCONFIG_SET_STRING = 1;
    internal const uint FSCONFIG_SET_FD = 5;
    internal const uint FSCONFIG_CMD_CREATE = 6;

    internal const uint MOVE_MOUNT_F_EMPTY_PATH = 0x04;
    internal const uint MOVE_MOUNT_T_EMPTY_PATH = 0x40;

    internal const ulong MOUNT_ATTR_RDONLY = 0x00000001;
    internal const ulong MOUNT_ATTR_NOSUID = 0x00000002;
    internal const ulong MOUNT_ATTR_NODEV = 0x00000004;
    internal const ulong MOUNT_ATTR_NOEXEC = 0x00000008;
    internal const ulong MOUNT_ATTR__ATIME = 0x00000070;
    internal const ulong MOUNT_ATTR_RELATIME = 0x00000000;
    internal const ulong MOUNT_ATTR_NOATIME = 0x00000010;
    internal const ulong MOUNT_ATTR_STRICTATIME = 0x00000020;
    internal const ulong MOUNT_ATTR_NODIRATIME = 0x00000080;
    internal const ulong MOUNT_ATTR_IDMAP = 0x00100000;
    internal const ulong MOUNT_ATTR_NOSYMFOLLOW = 0x00200000;

    internal const nint SYS_open_tree = 428;
    internal const nint SYS_move_mount = 429;
    internal const nint SYS_fsopen = 430;
    internal const nint SYS_fsconfig = 431;
    internal const nint SYS_fsmount = 432;
    internal const nint SYS_mount_setattr = 442;

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int mount(string? source, string target, string? filesystemtype, nuint mountflags, string? data);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int umount2(string target, int flags);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint pivot_root(nint number, string new_root, string put_old);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint open_tree(nint number, int dfd, string path, uint flags);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint move_mount(nint number, int from_dfd, string from_path, int to_dfd, string to_path, uint flags);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint fsopen(nint number, string fs_name, uint flags);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint fsconfig(nint number, int fs_fd, uint cmd, string? key, string? value, int aux);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint fsmount(nint number, int fs_fd, uint flags, uint attr_flags);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint mount_setattr(nint number, int dfd, string path, uint flags, mount_attr* attr, nuint size);

    internal struct mount_attr
    {
        internal ulong attr_set;
        internal ulong attr_clr;
        internal ulong propagation;
        internal ulong userns_fd;
    }
}
