using Berth.Linux.Files;
using Berth.Linux.Native;

namespace Berth.Linux.Mounts;

/// <summary>A mount that is held by a descriptor and stands in no place yet; disposed before it is moved to one, it is gone.</summary>
public sealed unsafe class DetachedMount : IDisposable
{
    internal DetachedMount(FileDescriptor descriptor) => Descriptor = descriptor;

    public FileDescriptor Descriptor { get; }

    /// <summary>Copies a mount, or the tree of mounts, at a path (open_tree(2) with OPEN_TREE_CLONE): what a bind mount is made of.</summary>
    public static DetachedMount Clone(string source, bool recursive) => Clone(Libc.AT_FDCWD, source, recursive);

    public static DetachedMount Clone(FileDescriptor source, bool recursive) => Clone(source.Number, "", recursive);

    /// <summary>Changes attributes of the mount, or of the whole tree (mount_setattr(2)).</summary>
    public void SetAttributes(MountAttributes set, MountAttributes clear, MountPropagation propagation = MountPropagation.Unchanged, bool recursive = false) =>
        MountTree.SetAttributes(Descriptor, set, clear, propagation, recursive);

    /// <summary>Shows the files of the mount with the owners that a user namespace maps them to (mount_setattr(2), MOUNT_ATTR_IDMAP).</summary>
    public void MapOwners(FileDescriptor userNamespace, bool recursive = false)
    {
        var attributes = new Libc.mount_attr { attr_set = Libc.MOUNT_ATTR_IDMAP, userns_fd = (ulong)userNamespace.Number };
        MountTree.Apply(Descriptor, ref attributes, recursive, "MOUNT_ATTR_IDMAP");
    }

    /// <summary>Puts the mount into its place; from there on the mount namespace holds it. The descriptor stays usable.</summary>
    public void MoveTo(FileDescriptor target)
    {
        const uint byDescriptors = Libc.MOVE_MOUNT_F_EMPTY_PATH | Libc.MOVE_MOUNT_T_EMPTY_PATH;
        if (Libc.move_mount(Libc.SYS_move_mount, Descriptor.Number, "", target.Number, "", byDescriptors) != 0)
        {
            var error = LinuxException.FromLastError("move_mount");

            // mount(2) names a directory over a file, or the reverse; move_mount(2) says EINVAL for it as for much else.
            throw error.Errno is Errno.EINVAL && FileStatus.Of(Descriptor).IsDirectory != FileStatus.Of(target).IsDirectory
                ? new LinuxException("move_mount", Errno.ENOTDIR)
                : error;
        }
    }

    public void Dispose() => Descriptor.Dispose();

    private static DetachedMount Clone(int directory, string path, bool recursive)
    {
        var flags = Libc.OPEN_TREE_CLONE | Libc.OPEN_TREE_CLOEXEC | (path.Length == 0 ? (uint)Libc.AT_EMPTY_PATH : 0)
            | (recursive ? (uint)Libc.AT_RECURSIVE : 0);
        var descriptor = new FileDescriptor(Libc.open_tree(Libc.SYS_open_tree, directory, path, flags));
        return descriptor.IsInvalid ? throw LinuxException.FromLastError("open_tree", path.Length == 0 ? null : path) : new DetachedMount(descriptor);
    }
}
