using Berth.Engine.Containers.Specs;

namespace Berth.Engine.Containers.Files;

/// <summary>
/// Paths that the runtime makes in a root to mount something on. Empty, they are no change of the container's: Docker has them in a
/// layer of their own below the container's.
/// </summary>
internal static class MountPlaces
{
    public static IReadOnlySet<string> All { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "dev", "dev/console", "dev/mqueue", "dev/pts", "dev/shm", "etc/hostname", "etc/hosts", "etc/resolv.conf", "proc", "sys", "sys/fs",
        "sys/fs/cgroup", InitProgram.Destination.TrimStart('/'),
    };
}
