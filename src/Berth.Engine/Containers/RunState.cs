using Berth.Engine.Containers.HealthChecks;

namespace Berth.Engine.Containers;

/// <summary>A container's status with the facts of its last run. Only <see cref="ContainerLifecycle"/> makes new ones.</summary>
public sealed record RunState
{
    public ContainerStatus Status { get; init; }

    /// <summary>The first process as the host sees it; 0 while nothing runs.</summary>
    public int Pid { get; init; }

    public int ExitCode { get; init; }

    /// <summary>Why the last start failed.</summary>
    public string Error { get; init; } = "";

    public bool OomKilled { get; init; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Null: nothing checks it, or it was never started.</summary>
    public HealthState? Health { get; init; }

    /// <summary>A process of the container exists. A restarting one has none, but counts as running for everything else.</summary>
    public bool HasProcess => Status is ContainerStatus.Running or ContainerStatus.Paused;

    public bool IsRunning => HasProcess || Status == ContainerStatus.Restarting;
}
