using System.Globalization;
using Berth.Linux.Files;
using Berth.Linux.Mounts;

namespace Berth.Engine.Containers;

/// <summary>
/// The /dev/shm of a container whose IPC namespace others may join (--ipc shareable). It is mounted on the host while the container
/// runs, because only there the others can take it from; that of any other container is its own affair.
/// </summary>
internal static class SharedMemory
{
    public const string Destination = "/dev/shm";

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>It has one, unless the user mounts something else in its place.</summary>
    public static bool IsOf(Container container) =>
        container.HostConfig.IpcMode == "shareable" && !container.Record.Mounts.Any(m => m.Destination == Destination);

    /// <summary>Makes an empty one.</summary>
    public static void Provide(Container container)
    {
        Remove(container.Paths);
        Directory.CreateDirectory(container.Paths.SharedMemory, Private);
        using var memory = FileSystem.Open("tmpfs");
        memory.Set("source", "shm");
        memory.Set("mode", "1777");
        memory.Set("size", container.HostConfig.ShmSize.ToString(CultureInfo.InvariantCulture));
        using var mount = memory.Mount(MountAttributes.NoSetUserId | MountAttributes.NoExecute | MountAttributes.NoDevices);
        using var place = RootDirectory.Open(container.Paths.SharedMemory);
        mount.MoveTo(place.Descriptor);
    }

    /// <summary>Takes it from the host; those that have it keep it.</summary>
    public static void Remove(ContainerPaths paths)
    {
        if (Directory.Exists(paths.SharedMemory))
        {
            while (MountTree.TryDetach(paths.SharedMemory))
            {
            }

            Directory.Delete(paths.SharedMemory);
        }
    }
}
