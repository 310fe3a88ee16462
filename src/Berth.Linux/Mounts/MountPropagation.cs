using System.Diagnostics.CodeAnalysis;

namespace Berth.Linux.Mounts;

/// <summary>Where mounts below a mount are seen (mount_namespaces(7), "Shared subtrees").</summary>
[SuppressMessage("Design", "CA1028", Justification = "The kernel's values are 64 bits wide")]
public enum MountPropagation : ulong
{
    Unchanged = 0,
    Private = 1 << 18,
    Slave = 1 << 19,
    Shared = 1 << 20,
    Unbindable = 1 << 17,
}
