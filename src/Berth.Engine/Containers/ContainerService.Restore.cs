using Berth.Engine.Containers.Files;
using Berth.Engine.Monitors;
using Berth.Engine.Networks;
using Berth.Linux;
using Berth.Linux.Files;

namespace Berth.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>
    /// After a start of the daemon, once, before any request: finds every container again, takes over those that run, records the end
    /// of those that ended meanwhile, and clears away what was half made.
    /// </summary>
    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(ContainerPaths.ContainersOf(_options), PrivateDirectory);
        Directory.CreateDirectory(ContainerPaths.StatesOf(_options), PrivateDirectory);
        BaseLayer.Provide(_options);
        var found = new List<(Container Container, ContainerMonitor? Monitor)>();
        foreach (var directory in Directory.EnumerateDirectories(ContainerPaths.ContainersOf(_options)))
        {
            var paths = new ContainerPaths(_options, Path.GetFileName(directory));
            if (ContainerRecordStore.TryRead(paths) is { } record && record.Id == Path.GetFileName(directory))
            {
                var monitor = await ContainerMonitor.TryReconnectAsync(paths.StateDirectory, paths.Directory, _time, cancellationToken);
                found.Add((Load(record, paths, monitor), monitor));
            }
            else
            {
                _log.Info("removing a container whose creation was cut off", ("directory", directory));
                TreeRemoval.Remove(directory);
            }
        }

        await EndStrayMonitorsAsync(cancellationToken);
        var running = found.Where(f => f.Monitor is not null).Select(f => f.Container.Id).ToList();
        var restored = await _networks.RestoreAsync(running, cancellationToken);
        var ended = new HashSet<string>();
        foreach (var (container, monitor) in found)
        {
            if (monitor is not null)
            {
                Resume(container, monitor, restored.GetValueOrDefault(container.Id));
            }
            else
            {
                if (container.State.IsRunning)
                {
                    ended.Add(container.Id);
                }

                await SettleAsync(container);
            }
        }

        _ = PrepareMonitorsAsync(cancellationToken);
        _ = StartByPolicyAsync(ended);
    }

    /// <summary>
    /// Starts the containers that a restart policy wants running, each after those that it needs; requests are answered meanwhile.
    /// </summary>
    /// <param name="ended">Those that ended while no daemon was there: their restart is one that their policy counts.</param>
    private async Task StartByPolicyAsync(HashSet<string> ended)
    {
        var wanted = _index.All.Where(c => !c.State.IsRunning && RestartRule.AfterDaemonStart(
            c.HostConfig.RestartPolicy, c.State, c.Record.RestartCount, c.Record.StoppedByUser)).ToList();
        foreach (var round in StartOrder.Of(wanted, _index.Get))
        {
            await Parallel.ForEachAsync(
                round,
                new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
                async (container, _) => await StartByPolicyAsync(container, ended.Contains(container.Id)));
        }
    }

    private async Task StartByPolicyAsync(Container container, bool counts)
    {
        try
        {
            await container.Operation.WaitAsync(_stopping.Token);
            try
            {
                if (container.State.IsRunning)
                {
                    return;
                }

                ChangeRecorded(container, r => r with { RestartCount = r.RestartCount + (counts ? 1 : 0) });
                await StartLockedAsync(container);
            }
            finally
            {
                container.Operation.Release();
            }
        }
        catch (Exception e) when (e is EngineException or OperationCanceledException)
        {
            _log.Error("start by policy failed", ("container", container.Id), ("error", e.Message));
        }
    }

    /// <summary>Puts a container into the index in the state that it is in now. One with a monitor runs, whatever its record says.</summary>
    private Container Load(ContainerRecord record, ContainerPaths paths, ContainerMonitor? monitor)
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
        else if (ExitRecordFile.TryRead(paths.Directory) is { StartedAt: { } startedAt } exit && exit.FinishedAt > (state.FinishedAt ?? DateTimeOffset.MinValue))
        {
            // The daemon was killed after the program was started and before that could be recorded; by now it has ended.
            state = state with { Status = ContainerStatus.Running, StartedAt = startedAt };
        }

        var container = new Container(record with { State = state }, paths);
        _index.TakeName(record.Name, record.Id);
        _index.Add(container);
        try
        {
            _images.AddUse(record.ImageId, record.Id, record.Name, monitor is not null);
        }
        catch (EngineException e)
        {
            _log.Warning("a container's image is gone", ("container", record.Id), ("error", e.Message));
        }

        return container;
    }

    private void Resume(Container container, ContainerMonitor monitor, SandboxNetwork? network)
    {
        var run = new ContainerRun(monitor, network);
        container.Run = run;
        WatchHealth(container, run);
        _ = SuperviseAsync(container, run);
    }

    /// <summary>A container without a monitor: it ended while nobody looked, its removal was cut off, or it does not run anyway.</summary>
    private async Task SettleAsync(Container container)
    {
        ReleaseSharedMemory(container);
        if (container.State.IsRunning)
        {
            if (container.State.HasProcess && ExitRecordFile.TryRead(container.Paths.Directory) is null)
            {
                await ClearKilledAsync(container);
            }

            var exit = ExitRecordFile.ReadAfterMonitor(container.Paths.Directory, _time);
            if (container.State.Status == ContainerStatus.Restarting)
            {
                container.Lifecycle.TryCancelRestart();
                ContainerRecordStore.Save(container);
            }
            else
            {
                var ran = TimeOf(container.State, exit);
                container.Lifecycle.Exit(exit, restarting: false);
                ContainerRecordStore.Save(container);
                TellEnded(container, exit, ran, isToldOfMemory: false);
            }
        }

        var status = container.State.Status;
        if (status == ContainerStatus.Removing)
        {
            container.Lifecycle.FailRemoval("its removal was cut off");
        }

        if (status == ContainerStatus.Removing || (status == ContainerStatus.Exited && container.HostConfig.AutoRemove))
        {
            await RemoveEndedAsync(container);
        }
    }

    /// <summary>A monitor whose container has no record is nobody's: its directory was removed by hand.</summary>
    private async Task EndStrayMonitorsAsync(CancellationToken cancellationToken)
    {
        foreach (var directory in Directory.EnumerateDirectories(ContainerPaths.StatesOf(_options)))
        {
            var id = Path.GetFileName(directory);
            if (_index.All.Any(c => c.Id == id))
            {
                continue;
            }

            try
            {
                using var monitor = await ContainerMonitor.TryReconnectAsync(
                    directory, new ContainerPaths(_options, id).Directory, _time, cancellationToken);
                if (monitor is not null)
                {
                    await monitor.SignalAsync(StopSignals.Kill, cancellationToken: cancellationToken);
                    await monitor.Exited.WaitAsync(_killTimeout, _time, cancellationToken);
                }

                SharedMemory.Remove(new ContainerPaths(_options, id));
                TreeRemoval.Remove(directory);
            }
            catch (Exception e) when (e is MonitorFailureException or TimeoutException or IOException or LinuxException)
            {
                _log.Warning("a stray monitor is left", ("container", id), ("error", e.Message));
            }
        }
    }
}
