using Berth.Linux.Native;

namespace Berth.Linux.Files;

/// <summary>What a descriptor refers to (statx(2)).</summary>
/// <param name="Mode">Type and permissions, as in st_mode.</param>
/// <param name="Device">Major and minor number of the device that this file is; zero for other files.</param>
public readonly record struct FileStatus(uint Mode, uint User, uint Group, (uint Major, uint Minor) Device)
{
    public bool IsDirectory => (Mode & Libc.S_IFMT) == Libc.S_IFDIR;

    public bool IsLink => (Mode & Libc.S_IFMT) == Libc.S_IFLNK;

    public bool IsRegular => (Mode & Libc.S_IFMT) == Libc.S_IFREG;

    public bool IsBlockDevice => (Mode & Libc.S_IFMT) == Libc.S_IFBLK;

    public bool IsCharacterDevice => (Mode & Libc.S_IFMT) == Libc.S_IFCHR;

    /// <summary>The permissions, with set-id and sticky bits.</summary>
    public uint Permissions => Mode & ~Libc.S_IFMT;

    public static FileStatus Of(FileDescriptor file)
    {
        Read(file.Number, "", Libc.AT_EMPTY_PATH, out var status, out var error);
        return error is null ? status : throw error;
    }

    /// <returns>Null where nothing is at the path, or it may not be looked at.</returns>
    public static FileStatus? TryOf(string path)
    {
        Read(Libc.AT_FDCWD, path, 0, out var status, out var error);
        return error switch
        {
            null => status,
            { Errno: Errno.ENOENT or Errno.ENOTDIR or Errno.EACCES or Errno.ELOOP or Errno.ENAMETOOLONG } => null,
            _ => throw error,
        };
    }

    private static unsafe void Read(int directory, string path, int flags, out FileStatus status, out LinuxException? error)
    {
        Libc.statx_buffer buffer;
        error = Libc.statx(directory, path, flags, Libc.STATX_BASIC_STATS, &buffer) == 0 ? null : LinuxException.FromLastError("statx", path);
        status = error is null
            ? new FileStatus(buffer.stx_mode, buffer.stx_uid, buffer.stx_gid, (buffer.stx_rdev_major, buffer.stx_rdev_minor))
            : default;
    }
}
