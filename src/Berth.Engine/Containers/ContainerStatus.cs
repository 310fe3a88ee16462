namespace Berth.Engine.Containers;

/// <summary>Where a container is in its life; the moves between them are in <see cref="ContainerLifecycle"/>.</summary>
public enum ContainerStatus
{
    Created,
    Running,
    Paused,

    /// <summary>It ended and its restart policy will start it again.</summary>
    Restarting,
    Removing,
    Exited,

    /// <summary>Its removal failed half way; only another removal helps.</summary>
    Dead,
}
