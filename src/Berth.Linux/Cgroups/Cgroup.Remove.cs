using Berth.Linux.Native;

namespace Berth.Linux.Cgroups;

public sealed partial class Cgroup
{
    private static readonly TimeSpan _removeLimit = TimeSpan.FromSeconds(5);

    /// <summary>Removes the cgroup and all below it from every hierarchy. No process may be left in it.</summary>
    /// <exception cref="LinuxException">One was still busy after five seconds; the others are removed.</exception>
    public void Remove()
    {
        LinuxException? failure = null;
        foreach (var directory in _directories)
        {
            var error = RemoveTree(directory);
            failure ??= error;
        }

        if (failure is not null)
        {
            throw failure;
        }
    }

    /// <summary>Takes back what <see cref="Create"/> made; what was there before stays.</summary>
    public void RemoveMade()
    {
        foreach (var directory in _made)
        {
            _ = RemoveTree(directory);
        }
    }

    /// <summary>Removes a parent of cgroups where nothing is in it any more; leaves it where something is.</summary>
    public static void RemoveIfEmpty(CgroupLayout layout, string path)
    {
        CheckPath(path);
        foreach (var hierarchy in layout.Hierarchies)
        {
            _ = Libc.unlinkat(Libc.AT_FDCWD, hierarchy.MountPoint + path, Libc.AT_REMOVEDIR);
        }
    }

    private static LinuxException? RemoveTree(CgroupDirectory directory)
    {
        LinuxException? failure = null;
        // EBUSY: it has children, or the last process in it is not quite gone.
        _ = WaitUntil(() => (failure = TryRemoveTree(directory)) is not { Errno: Errno.EBUSY }, _removeLimit);
        return failure;
    }

    private static LinuxException? TryRemoveTree(CgroupDirectory directory)
    {
        var error = TryRemove(directory);
        if (error is not { Errno: Errno.EBUSY })
        {
            return error;
        }

        foreach (var child in directory.Children())
        {
            using (child)
            {
                _ = TryRemoveTree(child);
            }
        }

        return TryRemove(directory);
    }

    private static LinuxException? TryRemove(CgroupDirectory directory) =>
        Libc.unlinkat(Libc.AT_FDCWD, directory.Path, Libc.AT_REMOVEDIR) == 0
            ? null
            : LinuxException.FromLastError("rmdir", directory.Path) is { Errno: not Errno.ENOENT } error ? error : null;
}
