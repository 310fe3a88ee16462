using Berth.Linux.Native;

namespace Berth.Linux.Files;

/// <summary>What an entry of a tree is (statx(2)).</summary>
/// <param name="Mode">Type and permissions, as in st_mode.</param>
/// <param name="Device">Major and minor number of the device that this file is; zero for other files.</param>
public readonly record struct TreeStatus(uint Mode, uint User, uint Group, (uint Major, uint Minor) Device, long Size, FileTime Modified)
{
    /// <summary>The file's own identity, by which two names of one file are known: file system and inode.</summary>
    public (uint Major, uint Minor, ulong Inode) Identity { get; init; }

    /// <summary>When its content, its names or anything else about it changed last; no program can set it.</summary>
    public FileTime Changed { get; init; }

    /// <summary>The file takes less room than it is long.</summary>
    public bool HasHoles { get; init; }

    /// <summary>How many names the file has.</summary>
    public uint Links { get; init; }

    public bool IsRegular => (Mode & Libc.S_IFMT) == Libc.S_IFREG;

    public bool IsBlockDevice => (Mode & Libc.S_IFMT) == Libc.S_IFBLK;

    public bool IsCharacterDevice => (Mode & Libc.S_IFMT) == Libc.S_IFCHR;

    public bool IsPipe => (Mode & Libc.S_IFMT) == Libc.S_IFIFO;

    public bool IsSocket => (Mode & Libc.S_IFMT) == Libc.S_IFSOCK;

    public bool IsDirectory => (Mode & Libc.S_IFMT) == Libc.S_IFDIR;

    public bool IsSymbolicLink => (Mode & Libc.S_IFMT) == Libc.S_IFLNK;

    /// <summary>overlayfs's mark of a name that the layers below have and this one removed.</summary>
    public bool IsWhiteout => (Mode & Libc.S_IFMT) == Libc.S_IFCHR && Device == (0, 0);

    /// <summary>The permissions, with set-id and sticky bits.</summary>
    public uint Permissions => Mode & ~Libc.S_IFMT;

    /// <summary>What a descriptor refers to; O_PATH suffices.</summary>
    public static unsafe TreeStatus Of(FileDescriptor file)
    {
        byte empty = 0;
        Libc.statx_buffer status;
        return Libc.statx(file.Number, &empty, Libc.AT_EMPTY_PATH, Libc.STATX_BASIC_STATS, &status) == 0
            ? From(status)
            : throw LinuxException.FromLastError("statx");
    }

    internal static TreeStatus From(in Libc.statx_buffer status) => new(
        status.stx_mode,
        status.stx_uid,
        status.stx_gid,
        (status.stx_rdev_major, status.stx_rdev_minor),
        (long)status.stx_size,
        new FileTime(status.stx_mtime_sec, status.stx_mtime_nsec))
    {
        Identity = (status.stx_dev_major, status.stx_dev_minor, status.stx_ino),
        Changed = new FileTime(status.stx_ctime_sec, status.stx_ctime_nsec),
        Links = status.stx_nlink,
        HasHoles = status.stx_blocks * 512 < status.stx_size,
    };
}
