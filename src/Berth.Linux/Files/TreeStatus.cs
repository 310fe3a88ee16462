using Berth.Linux.Native;

namespace Berth.Linux.Files;

/// <summary>What an entry of a tree is (statx(2)).</summary>
/// <param name="Mode">Type and permissions, as in st_mode.</param>
/// <param name="Device">Major and minor number of the device that this file is; zero for other files.</param>
public readonly record struct TreeStatus(uint Mode, uint User, uint Group, (uint Major, uint Minor) Device, long Size, FileTime Modified)
{
    public bool IsDirectory => (Mode & Libc.S_IFMT) == Libc.S_IFDIR;

    public bool IsSymbolicLink => (Mode & Libc.S_IFMT) == Libc.S_IFLNK;

    /// <summary>overlayfs's mark of a name that the layers below have and this one removed.</summary>
    public bool IsWhiteout => (Mode & Libc.S_IFMT) == Libc.S_IFCHR && Device == (0, 0);

    /// <summary>The permissions, with set-id and sticky bits.</summary>
    public uint Permissions => Mode & ~Libc.S_IFMT;

    internal static TreeStatus From(in Libc.statx_buffer status) => new(
        status.stx_mode,
        status.stx_uid,
        status.stx_gid,
        (status.stx_rdev_major, status.stx_rdev_minor),
        (long)status.stx_size,
        new FileTime(status.stx_mtime_sec, status.stx_mtime_nsec));
}
