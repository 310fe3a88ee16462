using Berth.Runtime.Bundles;
using Berth.Runtime.Processes;

namespace Berth.Runtime.Containers;

/// <summary>What a container is made of, beyond its bundle.</summary>
public sealed record CreationPlan
{
    public required string Id { get; init; }

    public required Bundle Bundle { get; init; }

    /// <summary>The runtime's --root: the container's state is kept in the directory of its id in it.</summary>
    public required string StateRoot { get; init; }

    public required ProcessStdio Stdio { get; init; }

    /// <summary>The container is killed when the process that makes it dies: a monitor's container, and that of <c>run</c>.</summary>
    public bool DiesWithParent { get; init; }

    /// <summary>Told the first process's id as soon as it exists; what can be done to its namespaces can be done from then on.</summary>
    public Action<int>? OnCloned { get; init; }

    /// <summary>Move the root with MS_MOVE and chroot: for a host whose own root is an initramfs, which cannot be pivoted from.</summary>
    public bool NoPivot { get; init; }

    /// <summary>Leave the session keyring as it is.</summary>
    public bool NoNewKeyring { get; init; }
}
