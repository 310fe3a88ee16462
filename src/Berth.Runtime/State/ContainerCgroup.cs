using Berth.Linux.Cgroups;
using Berth.Runtime.Processes;

namespace Berth.Runtime.State;

/// <summary>Opens the cgroup of a container that is there.</summary>
internal static class ContainerCgroup
{
    /// <exception cref="StartException">It has none.</exception>
    internal static Cgroup Open(ContainerRecord record) =>
        (record.Cgroup is { } path ? Cgroup.TryOpen(CgroupLayout.Machine, path) : null)
            ?? throw StartException.Of("cgroup", "the container has no cgroup");
}
