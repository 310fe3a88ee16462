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
            // The old root lands on top of the new one, at the same place: no directory is needed for it (pivot_root(2)).
            MountTree.PivotToCurrentDirectory();

            // Unmounting the copy of the host's tree must not reach the host, whatever shared with it.
            MountTree.SetPropagation(".", MountPropagation.Slave, recursive: true);
            _ = MountTree.TryDetach(".");
        }
        else
        {
            MountTree.MoveCurrentDirectoryToRoot();
        }

        WorkingDirectory.Set("/");
        if (Propagation(spec.Linux?.RootfsPropagation) is { } wanted)
        {
            MountTree.SetPropagation("/", wanted.Propagation, wanted.Recursive);
        }
    }

    internal static void MakeReadOnly()
    {
        using var root = RootDirectory.Open("/");
        MountTree.SetAttributes(root.Descriptor, MountAttributes.ReadOnly, MountAttributes.None, MountPropagation.Unchanged, recursive: false);
    }

    private static (MountPropagation Propagation, bool Recursive)? Propagation(string? name) => name switch
    {
        null or "" => null,
        "shared" => (MountPropagation.Shared, false),
        "rshared" => (MountPropagation.Shared, true),
        "slave" => (MountPropagation.Slave, false),
        "rslave" => (MountPropagation.Slave, true),
        "private" => (MountPropagation.Private, false),
        "rprivate" => (MountPropagation.Private, true),
        "unbindable" => (MountPropagation.Unbindable, false),
        "runbindable" => (MountPropagation.Unbindable, true),
        _ => throw new LinuxException("mount", Errno.EINVAL, $"rootfsPropagation {name}"),
    };
}
