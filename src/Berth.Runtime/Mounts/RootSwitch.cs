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
        using var old = RootDirectory.Open("/");
        WorkingDirectory.Set(root.Descriptor);
        if (pivot)
        {
            // The old root lands on top of the new one, at the same place: no directory is needed for it (pivot_root(2)).
            MountTree.PivotToCurrentDirectory();
            WorkingDirectory.Set(old.Descriptor);

            // Unmounting the copy of the host's tree must not reach the host, whatever is shared with it.
            MountTree.SetPropagation(".", MountPropagation.Slave, recursive: true);
            _ = MountTree.TryDetach(".");
        }
        else
        {
            MountTree.MoveCurrentDirectoryToRoot();
        }

        WorkingDirectory.Set("/");
        if (RootPropagation.Of(spec) is { } wanted)
        {
            MountTree.SetPropagation("/", wanted.Propagation, wanted.Recursive);
        }
    }

    internal static void MakeReadOnly()
    {
        using var root = RootDirectory.Open("/");
        MountTree.SetAttributes(root.Descriptor, MountAttributes.ReadOnly, MountAttributes.None, MountPropagation.Unchanged, recursive: false);
    }
}
