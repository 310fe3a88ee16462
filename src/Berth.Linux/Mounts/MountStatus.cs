using Berth.Linux.Native;

namespace Berth.Linux.Mounts;

/// <summary>What the kernel says of the mount that a descriptor's file is on (fstatfs(2)); O_PATH suffices.</summary>
public static class MountStatus
{
    /// <summary>The number that stands for the type of the file system (linux/magic.h).</summary>
    public static long MagicOf(FileDescriptor file) => Of(file).f_type;

    /// <summary>The mount, or its file system, is read-only.</summary>
    public static bool IsReadOnly(FileDescriptor file)
    {
        const long readOnly = 1; // ST_RDONLY
        return (Of(file).f_flags & readOnly) != 0;
    }

    /// <summary>The file is of a proc file system, wherever that is mounted.</summary>
    public static bool IsProc(FileDescriptor file) => Of(file).f_type == Libc.PROC_SUPER_MAGIC;

    private static unsafe Libc.statfs_buffer Of(FileDescriptor file)
    {
        Libc.statfs_buffer status;
        return Libc.fstatfs(file.Number, &status) == 0 ? status : throw LinuxException.FromLastError("fstatfs");
    }
}
