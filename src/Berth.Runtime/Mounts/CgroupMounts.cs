using Berth.Linux;
using Berth.Linux.Cgroups;
using Berth.Linux.Files;
using Berth.Linux.Mounts;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Mounts;

/// <summary>Shows a container its cgroups, in the shape that the host has them: v2, v1, or both (hybrid).</summary>
/// <param name="path">The container's cgroup below every hierarchy's root.</param>
/// <param name="isNamespaced">It has a cgroup namespace of its own, in which this cgroup is the root.</param>
internal sealed class CgroupMounts(CgroupLayout layout, string? path, bool isNamespaced)
{
    internal static bool IsCgroup(OciMount mount) => mount.Type is "cgroup" or "cgroup2";

    internal void Add(RootDirectory root, OciMount mount)
    {
        var options = MountOptions.Parse(mount);
        try
        {
            using var target = MountPlace.Provide(root, mount);
            if (layout.IsPureUnified || mount.Type == "cgroup2")
            {
                using var unified = Hierarchy(layout.Unified ?? throw new LinuxException("mount", Errno.ENODEV, "cgroup2"), options);
                unified.MoveTo(target);
                return;
            }

            AddHierarchies(target, options);
        }
        catch (LinuxException e)
        {
            throw ContainerMounts.Failure(mount, e);
        }
    }

    // As every distribution lays v1 out: a tmpfs with a directory for each hierarchy, and a link for each of its controllers.
    private void AddHierarchies(FileDescriptor target, MountOptions options)
    {
        using var parent = FileSystemMount.Make(
            "tmpfs", "tmpfs", ["mode=755"], MountAttributes.NoSetUserId | MountAttributes.NoDevices | MountAttributes.NoExecute);
        parent.MoveTo(target);
        foreach (var hierarchy in layout.Hierarchies)
        {
            var name = Path.GetFileName(hierarchy.MountPoint);
            _ = DirectoryEntry.TryMakeDirectory(parent.Descriptor, name, 0x1ED);
            using var directory = DirectoryEntry.TryOpen(parent.Descriptor, name) ?? throw new LinuxException("open", Errno.ENOENT, name);
            using var mounted = Hierarchy(hierarchy, options);
            mounted.MoveTo(directory);
            foreach (var controller in hierarchy.Controllers)
            {
                if (!hierarchy.IsUnified && controller != name && !controller.Contains('=', StringComparison.Ordinal))
                {
                    _ = DirectoryEntry.TryMakeLink(parent.Descriptor, controller, name);
                }
            }
        }

        if (options.IsReadOnly)
        {
            parent.SetAttributes(MountAttributes.ReadOnly, MountAttributes.None);
        }
    }

    private DetachedMount Hierarchy(CgroupHierarchy hierarchy, MountOptions options)
    {
        if (isNamespaced)
        {
            return hierarchy.IsUnified
                ? FileSystemMount.Make("cgroup2", "cgroup", [], options.Set)
                : FileSystemMount.Make("cgroup", "cgroup", ControllerOptions(hierarchy), options.Set);
        }

        // v1 shows the container its own part alone; v2 without a namespace is one tree that cannot be mounted in part.
        var copy = DetachedMount.Clone(hierarchy.IsUnified ? hierarchy.MountPoint : hierarchy.MountPoint + path, recursive: false);
        copy.SetAttributes(options.Set, options.Cleared, MountPropagation.Private);
        return copy;
    }

    private static IReadOnlyList<string> ControllerOptions(CgroupHierarchy hierarchy) =>
        hierarchy.Controllers.Any(c => c.StartsWith("name=", StringComparison.Ordinal))
            ? ["none", .. hierarchy.Controllers.Where(c => c.StartsWith("name=", StringComparison.Ordinal))]
            : hierarchy.Controllers;
}
