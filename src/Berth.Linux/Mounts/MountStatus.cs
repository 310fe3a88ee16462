using Berth.Linux.Native;

namespace Berth.Linux.Mounts;

/// <summary>What the kernel says of the mount that a descriptor's file is on (fstatfs(2)).</summary>
public static class MountStatus
{
    /// <summary>The mount, or its file system, is read-only.</summary>
    public static unsafe bool IsReadOnly(FileDescriptor file)
    {
        const long readOnly = 1; // ST_RDONLY
        Libc.statfs_buffer status;
        return Libc.fstatfs(file.Number, &status) == 0
            ? (status.f_flags & readOnly) != 0
            : throw LinuxException.FromLastError("fstatfs");
    }
}
