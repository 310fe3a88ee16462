using System.Runtime.InteropServices;
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

    public bool IsFifo => (Mode & Libc.S_IFMT) == Libc.S_IFIFO;

    /// <summary>The permissions, with set-id and sticky bits.</summary>
    public uint Permissions => Mode & ~Libc.S_IFMT;

    public static FileStatus Of(FileDescriptor file) =>
        Read(file.Number, "", Libc.AT_EMPTY_PATH, out var status) is var error && error is Errno.None ? status : throw new LinuxException("statx", error);

    /// <returns>Null where nothing is at the path, or it may not be looked at.</returns>
    public static FileStatus? TryOf(string path) => TryOf(path, out var status) is Errno.None ? status : null;

    /// <returns>None, or why the file cannot be seen: nothing is at the path, or it may not be looked at.</returns>
    public static Errno TryOf(string path, out FileStatus status)
    {
        var error = Read(Libc.AT_FDCWD, path, 0, out status);
        return error is Errno.None or Errno.ENOENT or Errno.ENOTDIR or Errno.EACCES or Errno.ELOOP or Errno.ENAMETOOLONG
            ? error
            : throw new LinuxException("statx", error, path);
    }

    private static unsafe Errno Read(int directory, string path, int flags, out FileStatus status)
    {
        Libc.statx_buffer buffer;
        if (Libc.statx(directory, path, flags, Libc.STATX_BASIC_STATS, &buffer) != 0)
        {
            status = default;
            return (Errno)Marshal.GetLastPInvokeError();
        }

        status = new FileStatus(buffer.stx_mode, buffer.stx_uid, buffer.stx_gid, (buffer.stx_rdev_major, buffer.stx_rdev_minor));
        return Errno.None;
    }
}
