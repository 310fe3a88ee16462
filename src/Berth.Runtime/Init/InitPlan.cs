using Berth.Linux;
using Berth.Linux.Cgroups;
using Berth.Linux.Namespaces;
using Berth.Linux.Sockets;
using Berth.Runtime.Containers;
using Berth.Runtime.Processes;

namespace Berth.Runtime.Init;

/// <summary>All that a container's first process is given by the one that clones it.</summary>
internal sealed record InitPlan
{
    public required CreationPlan Creation { get; init; }

    public required InitChannel Channel { get; init; }

    /// <summary>Where the word to start comes from; listening.</summary>
    public required MessageSocket StartSocket { get; init; }

    public required ProcessIdentity Identity { get; init; }

    /// <summary>The namespaces that the clone has made.</summary>
    public required NamespaceKinds NewNamespaces { get; init; }

    /// <summary>Namespaces that the process has still to join, in this order.</summary>
    public required IReadOnlyList<(NamespaceKinds Kind, FileDescriptor Descriptor)> Joined { get; init; }

    /// <summary>It gets a cgroup namespace of its own, which is made only after it is in its cgroups.</summary>
    public required bool UnsharesCgroup { get; init; }

    public required CgroupLayout CgroupLayout { get; init; }

    public required string? CgroupPath { get; init; }
}
