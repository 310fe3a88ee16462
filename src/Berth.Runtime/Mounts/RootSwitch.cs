using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Mounts;
using Berth.Linux.Processes;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Mounts;

/// <summary>Makes the container's root the root of its mount namespace, and lets go of the host's.</summary>
internal static class RootSwitch
{
    internal static void Run(RootDirectory root, OciSpec spec, bool pivot)
    {
        WorkingDirectory.Set(root.Descriptor);
        if (pivot)
        {
            using var old = RootDirectory.Open("/");

            // The old root lands on top of the new one, at the same place: no directory is needed for it (pivot_root(2)).
            MountTree.PivotToCurrentDirectory();
            WorkingDirectory.Set(old.Descriptor);

            // Unmounting the copy of the host's tree must not reach the host, whatever is shared with it.
            MountTree.SetPropagation(".", MountPropagation.Slave, recursive: true);
            _ = MountTree.TryDetach(".");
        }
        else
        {
            CoverHostsWhole();
            MountTree.MoveCurrentDirectoryToRoot();
        }

        WorkingDirectory.Set("/");
        if (RootPropagation.Of(spec) is { } wanted)
        {
            MountTree.SetPropagation("/", wanted.Propagation, wanted.Recursive);
        }
    }

    /// <summary>Takes the host's whole procfs and sysfs out of the mount namespace, in which the old root stays.</summary>
    /// <remarks>
    /// In a user namespace of its own a container may mount these where the kernel finds one in the mount namespace that nothing
    /// covers a part of (mount_namespaces(7), "Restrictions on mount namespaces"): the container's own has its protected paths.
    /// </remarks>
    private static void CoverHostsWhole()
    {
        var root = Directory.GetCurrentDirectory() + "/";
        foreach (var place in MountTable.FindWhole("proc", "sysfs"))
        {
            if (place.StartsWith(root, StringComparison.Ordinal))
            {
                continue;
            }

            try
            {
                // Nothing of it reaches the host.
                MountTree.SetPropagation(place, MountPropagation.Slave, recursive: true);
                if (!MountTree.TryDetach(place))
                {
                    using var target = RootDirectory.Open(place);
                    using var fileSystem = FileSystem.Open("tmpfs");
                    using var cover = fileSystem.Mount(MountAttributes.ReadOnly);
                    cover.MoveTo(target.Descriptor);
                }
            }
            catch (LinuxException e) when (e.Errno is Errno.EINVAL or Errno.ENOENT)
            {
                // Another mount hides it: nobody reaches it by a name.
            }
        }
    }

    internal static void MakeReadOnly()
    {
        using var root = RootDirectory.Open("/");
        MountTree.SetAttributes(root.Descriptor, MountAttributes.ReadOnly, MountAttributes.None, MountPropagation.Unchanged, recursive: false);
    }
}
