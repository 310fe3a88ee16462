using Berth.Linux.Native;

namespace Berth.Linux.Mounts;

/// <summary>Attributes of one mount (not of its file system), with the values of mount_setattr(2).</summary>
[Flags]
public enum MountAttributes : ulong
{
    None = 0,
    ReadOnly = Libc.MOUNT_ATTR_RDONLY,
    NoSetUserId = Libc.MOUNT_ATTR_NOSUID,
    NoDevices = Libc.MOUNT_ATTR_NODEV,
    NoExecute = Libc.MOUNT_ATTR_NOEXEC,
    NoAccessTime = Libc.MOUNT_ATTR_NOATIME,
    StrictAccessTime = Libc.MOUNT_ATTR_STRICTATIME,

    /// <summary>The field of the access-time settings: it is cleared as a whole when one of them is set. Alone and set: relatime.</summary>
    AccessTime = Libc.MOUNT_ATTR__ATIME,
    NoDirectoryAccessTime = Libc.MOUNT_ATTR_NODIRATIME,
    NoSymbolicLinks = Libc.MOUNT_ATTR_NOSYMFOLLOW,
}
