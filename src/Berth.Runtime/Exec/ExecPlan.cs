using Berth.Linux.Cgroups;
using Berth.Oci.Runtime;
using Berth.Runtime.Processes;

namespace Berth.Runtime.Exec;

/// <summary>Another process for a container that is there.</summary>
public sealed record ExecPlan
{
    public required string ContainerId { get; init; }

    /// <summary>The container's bundle, for who is told of the process.</summary>
    public required string Bundle { get; init; }

    /// <summary>The container's first process, as the host numbers it.</summary>
    public required int ContainerPid { get; init; }

    /// <summary>The container's specification: its namespaces, and the filter that its processes run under.</summary>
    public required OciSpec Spec { get; init; }

    public required OciProcess Process { get; init; }

    public required ProcessStdio Stdio { get; init; }

    /// <summary>The container's cgroup; null where it has none.</summary>
    public Cgroup? Cgroup { get; init; }

    /// <summary>The process is killed when the one that spawns it dies.</summary>
    public bool DiesWithParent { get; init; }
}
