using Berth.Api.Containers;
using Berth.Engine.Execs;
using Berth.Engine.Images;

namespace Berth.Engine.Containers;

/// <summary>A container in the daemon's memory: its record, its state, and while it runs its <see cref="ContainerRun"/>.</summary>
public sealed class Container(ContainerRecord record, ContainerPaths paths)
{
    private readonly Lock _gate = new();
    private readonly List<PendingAttach> _pendingAttaches = [];
    private volatile ContainerRecord _record = record;

    public string Id => _record.Id;

    public string Name => _record.Name;

    public ContainerConfig Config => _record.Config;

    public HostConfig HostConfig => _record.HostConfig;

    public ContainerPaths Paths { get; } = paths;

    /// <summary>Why it is kept as it was found; null: it is sound.</summary>
    public ContainerDamage? Damage { get; init; }

    public ContainerLifecycle Lifecycle { get; } = new(record.Id, record.State);

    public RunState State => Lifecycle.State;

    /// <summary>The record as it is now; changed with <see cref="Change"/>.</summary>
    public ContainerRecord Record => _record with { State = State };

    /// <summary>Held by what must not happen at the same time: start, restart, rename, removal. Waits for nothing that needs it.</summary>
    internal ContainerOperation Operation { get; } = new();

    /// <summary>Held while the record changes and is written, so that of two writers the one with the later state writes last.</summary>
    internal Lock Saving { get; } = new();

    /// <summary>The current run; null while nothing runs.</summary>
    internal ContainerRun? Run { get; set; }

    /// <summary>Further processes, by exec.</summary>
    public ContainerExecs Execs { get; } = new();

    /// <summary>How many bytes the writable layer holds; null where that may have changed since it was counted.</summary>
    internal long? Written { get; set; }

    internal RestartBackoff Backoff { get; } = new();

    /// <summary>The image, once it was needed.</summary>
    internal ResolvedImage? Image { get; set; }

    /// <param name="change">From the record as it is to what it is to be.</param>
    /// <param name="save">Writes the new record before anybody sees it.</param>
    internal void Change(Func<ContainerRecord, ContainerRecord> change, Action<ContainerRecord>? save = null)
    {
        lock (Saving)
        {
            var changed = change(Record);
            save?.Invoke(changed);
            _record = changed;
        }
    }

    /// <summary>Refuses what would run or change a container that is not wholly known.</summary>
    internal void RefuseDamaged()
    {
        if (Damage is { } damage)
        {
            throw ContainerErrors.Damaged(damage.Reason);
        }
    }

    /// <summary>The run, which a caller needs who talks to processes.</summary>
    internal ContainerRun RunOrRefuse() => Run ?? throw (Damage is { } damage ? ContainerErrors.Damaged(damage.Reason) : ContainerErrors.NotRunning(Id));

    internal void Add(PendingAttach attach)
    {
        lock (_gate)
        {
            _pendingAttaches.Add(attach);
        }
    }

    internal void Remove(PendingAttach attach)
    {
        lock (_gate)
        {
            _pendingAttaches.Remove(attach);
        }
    }

    /// <summary>Hands out the clients that wait for the next start; they wait no more.</summary>
    internal IReadOnlyList<PendingAttach> TakePendingAttaches()
    {
        lock (_gate)
        {
            PendingAttach[] taken = [.. _pendingAttaches];
            _pendingAttaches.Clear();
            return taken;
        }
    }
}
