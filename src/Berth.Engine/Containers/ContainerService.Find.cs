using Berth.Engine.Monitors;
using Berth.Linux;
using Berth.Linux.Files;

namespace Berth.Engine.Containers;

/// <remarks>
/// Nothing is removed, ended or written over because it could not be read: it may be what another release wrote, or what is left
/// after a power failure. Only what is marked as being created or removed goes away.
/// </remarks>
public sealed partial class ContainerService
{
    /// <summary>All containers that are there, and the monitors of those that run; those that are sound come first, and keep their names.</summary>
    private async Task<List<(Container Container, ContainerMonitor? Monitor)>> FindAllAsync(CancellationToken cancellationToken)
    {
        var found = new List<(Container Container, ContainerMonitor? Monitor)>();
        var damaged = new List<(string Id, string Problem)>();
        foreach (var directory in Directory.EnumerateDirectories(ContainerPaths.ContainersOf(_options)))
        {
            var id = Path.GetFileName(directory);
            if (MarkOf(id) is { } mark)
            {
                RemoveMarked(directory, mark);
            }
            else if (!ContainerPaths.IsId(id))
            {
                _log.Error("a directory among the containers is none of them: it is left alone", ("directory", directory));
            }
            else if (ContainerRecordStore.TryRead(new ContainerPaths(_options, id), id, out var problem) is { } record)
            {
                if (problem is not null)
                {
                    _log.Error("the record of a container could not be read", ("container", id), ("reason", problem));
                }

                found.Add((await FindAsync(record, damage: null, cancellationToken))!.Value);
            }
            else
            {
                damaged.Add((id, problem!));
            }
        }

        var known = found.Select(f => f.Container.Id).Concat(damaged.Select(d => d.Id)).ToHashSet();
        damaged.AddRange(StrayMonitors(known).Select(id => (id, "its directory is gone")));
        foreach (var (id, problem) in damaged)
        {
            var name = _networks.TryReadName(id) ?? id[..12];
            var (record, damage) = DamagedRecord.Of(new ContainerPaths(_options, id), id, name, problem, _images.TryFindByTopLayer);
            _log.Error("a container is damaged: it is kept, can be removed, and is not started", ("container", id), ("reason", damage.Reason));
            if (await FindAsync(record, damage, cancellationToken) is { } kept)
            {
                found.Add(kept);
            }
        }

        return found;
    }

    /// <returns>What a directory's name says that it is; null where it says nothing.</returns>
    private static string? MarkOf(string name) =>
        new[] { ContainerPaths.BeingCreated, ContainerPaths.BeingRemoved }
            .FirstOrDefault(mark => name.EndsWith(mark, StringComparison.Ordinal) && ContainerPaths.IsId(name[..^mark.Length]));

    private void RemoveMarked(string directory, string mark)
    {
        _log.Info($"removing a container whose {(mark == ContainerPaths.BeingCreated ? "creation" : "removal")} was cut off", ("directory", directory));
        try
        {
            TreeRemoval.Remove(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or LinuxException)
        {
            _log.Error("something of a container is left", ("directory", directory), ("error", e.Message));
        }
    }

    /// <summary>Loads a container with its monitor. One that does not answer, or not in words that are known, is left as it is.</summary>
    /// <returns>Null where there is nothing: no directory, and no monitor any more.</returns>
    private async Task<(Container Container, ContainerMonitor? Monitor)?> FindAsync(
        ContainerRecord record, ContainerDamage? damage, CancellationToken cancellationToken)
    {
        var paths = new ContainerPaths(_options, record.Id);
        try
        {
            var monitor = await ContainerMonitor.TryReconnectAsync(paths.StateDirectory, paths.Directory, _time, cancellationToken);
            return monitor is null && !Directory.Exists(paths.Directory) ? null : (Load(record, paths, monitor, damage), monitor);
        }
        catch (Exception e) when (e is MonitorFailureException or LinuxException)
        {
            var reason = $"its monitor cannot be asked: {e.Message}";
            _log.Error("a container is damaged: it runs on, and can be removed with force", ("container", record.Id), ("reason", reason));
            var state = record.State with { Status = ContainerStatus.Running, Error = reason };
            damage ??= new ContainerDamage(reason, ImageKnown: true, MountsKnown: true);
            return (Load(record with { State = state }, paths, monitor: null, damage), null);
        }
    }

    /// <summary>Monitors of which there is no container; and what ended ones have left goes away.</summary>
    private List<string> StrayMonitors(HashSet<string> known)
    {
        var strays = new List<string>();
        foreach (var directory in Directory.EnumerateDirectories(ContainerPaths.StatesOf(_options)).Where(d => !known.Contains(Path.GetFileName(d))))
        {
            try
            {
                if (!MonitorConnection.IsListening(directory))
                {
                    SharedMemory.Remove(new ContainerPaths(_options, Path.GetFileName(directory)));
                    TreeRemoval.Remove(directory);
                }
                else if (ContainerPaths.IsId(Path.GetFileName(directory)))
                {
                    strays.Add(Path.GetFileName(directory));
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or LinuxException)
            {
                _log.Warning("a stray monitor's directory is left", ("directory", directory), ("error", e.Message));
            }
        }

        return strays;
    }

    /// <summary>Puts a container into the index in the state that it is in now. One with a monitor runs, whatever its record says.</summary>
    private Container Load(ContainerRecord record, ContainerPaths paths, ContainerMonitor? monitor, ContainerDamage? damage)
    {
        var state = record.State;
        if (monitor is not null)
        {
            state = state with
            {
                Status = monitor.Paused ? ContainerStatus.Paused : ContainerStatus.Running,
                Pid = monitor.Pid,
                StartedAt = monitor.StartedAt ?? state.StartedAt,
            };
        }
        else if (damage is null && ExitRecordFile.TryRead(paths.Directory) is { StartedAt: { } startedAt } exit
            && exit.FinishedAt > (state.FinishedAt ?? DateTimeOffset.MinValue))
        {
            // The daemon was killed after the program was started and before that could be recorded; by now it has ended.
            state = state with { Status = ContainerStatus.Running, StartedAt = startedAt };
        }

        var container = new Container(record with { State = state }, paths) { Damage = damage };
        _index.TakeName(record.Name, record.Id);
        _index.Add(container);
        NoteUse(container, state.HasProcess);
        return container;
    }

    /// <summary>Tells the images what the container needs of them. That its image is gone, or not known, is no reason for anything to fail.</summary>
    private void NoteUse(Container container, bool running)
    {
        if (container.Damage is { ImageKnown: false })
        {
            _images.AddUnknownUse(container.Id);
            return;
        }

        try
        {
            _images.AddUse(container.Record.ImageId, container.Id, container.Name, running);
        }
        catch (EngineException e)
        {
            _log.Warning("a container's image is gone", ("container", container.Id), ("error", e.Message));
        }
    }

    /// <summary>Ends a container whose monitor does not answer: the runtime needs none for it.</summary>
    private async Task EndUnreachableAsync(Container container)
    {
        await KilledMonitor.ClearAsync(_options, ContainerPaths.RuntimeRootOf(_options), container.Id, _time);
        await _networks.DisconnectAsync(container.Id);
        var exit = ExitRecordFile.ReadAfterMonitor(container.Paths.Directory, _time);
        var ran = TimeOf(container.State, exit);
        container.Lifecycle.Exit(exit, restarting: false);
        TellEnded(container, exit, ran, isToldOfMemory: false);
    }
}
