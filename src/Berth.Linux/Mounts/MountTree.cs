using Berth.Linux.Native;

namespace Berth.Linux.Mounts;

/// <summary>Changes mounts that stand in this process's mount namespace.</summary>
public static unsafe class MountTree
{
    /// <summary>Changes attributes of the mount that the descriptor is the root of, or of the whole tree below it.</summary>
    public static void SetAttributes(
        FileDescriptor mount, MountAttributes set, MountAttributes clear, MountPropagation propagation, bool recursive)
    {
        var attributes = new Libc.mount_attr { attr_set = (ulong)set, attr_clr = (ulong)clear, propagation = (ulong)propagation };
        Apply(mount, ref attributes, recursive, $"+{set} -{clear} {propagation}");
    }

    /// <summary>Sets the propagation of the mount at a path, or of the tree below it.</summary>
    public static void SetPropagation(string path, MountPropagation propagation, bool recursive)
    {
        if (Libc.mount(null, path, null, (nuint)propagation | (recursive ? Libc.MS_REC : 0), null) != 0)
        {
            throw LinuxException.FromLastError("mount", $"{path} {propagation}");
        }
    }

    /// <summary>Makes the current directory the root of the mount namespace, and takes the old root off (pivot_root(2), "pivot_root(".", ".")").</summary>
    public static void PivotToCurrentDirectory()
    {
        if (Libc.pivot_root(Arch.SYS_pivot_root, ".", ".") != 0)
        {
            throw LinuxException.FromLastError("pivot_root");
        }
    }

    /// <summary>Moves the mount at the current directory onto "/" and makes it the root (for a root on an initramfs, which cannot be pivoted from).</summary>
    public static void MoveCurrentDirectoryToRoot()
    {
        if (Libc.mount(".", "/", null, Libc.MS_MOVE, null) != 0)
        {
            throw LinuxException.FromLastError("mount", "/ MS_MOVE");
        }

        if (Libc.chroot(".") != 0)
        {
            throw LinuxException.FromLastError("chroot");
        }
    }

    /// <summary>Takes the topmost mount at a path off; what still uses it keeps it until then (MNT_DETACH).</summary>
    /// <returns>False where nothing is mounted there, or it must stay: a user namespace above this one has put it there.</returns>
    public static bool TryDetach(string path)
    {
        if (Libc.umount2(path, Libc.MNT_DETACH) == 0)
        {
            return true;
        }

        var error = LinuxException.FromLastError("umount2", path);
        return error.Errno is Errno.EINVAL or Errno.ENOENT ? false : throw error;
    }

    internal static void Apply(FileDescriptor mount, ref Libc.mount_attr attributes, bool recursive, string what)
    {
        var flags = (uint)(Libc.AT_EMPTY_PATH | (recursive ? Libc.AT_RECURSIVE : 0));
        fixed (Libc.mount_attr* pointer = &attributes)
        {
            if (Libc.mount_setattr(Libc.SYS_mount_setattr, mount.Number, "", flags, pointer, (nuint)sizeof(Libc.mount_attr)) != 0)
            {
                throw LinuxException.FromLastError("mount_setattr", what);
            }
        }
    }
}
