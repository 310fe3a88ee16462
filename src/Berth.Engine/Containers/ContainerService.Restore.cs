using Berth.Engine.Containers.Files;
using Berth.Engine.Monitors;
using Berth.Engine.Networks;
using Berth.Linux.Files;

namespace Berth.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>
    /// After a start of the daemon, once, before any request: finds every container again, takes over those that run, records the end
    /// of those that ended meanwhile, and clears away what was marked as half made or half removed.
    /// </summary>
    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        PrivateDirectory.Make(ContainerPaths.ContainersOf(_options));
        PrivateDirectory.Make(ContainerPaths.StatesOf(_options));
        PrivateDirectory.Make(ContainerPaths.RuntimeRootOf(_options));
        BaseLayer.Provide(_options);
        var found = await FindAllAsync(cancellationToken);

        // One without a monitor has ended, whatever its record says, unless it is one whose monitor cannot be asked.
        var running = found.Where(f => f.Monitor is not null || (f.Container.Damage is not null && f.Container.State.HasProcess))
            .Select(f => f.Container.Id).ToList();
        var restored = await _networks.RestoreAsync(running, cancellationToken);
        var ended = new HashSet<string>();
        foreach (var (container, monitor) in found)
        {
            if (monitor is not null)
            {
                Resume(container, monitor, restored.GetValueOrDefault(container.Id));
            }
            else if (container.Damage is null)
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
                SaveOrWarn(container);
            }
            else
            {
                var ran = TimeOf(container.State, exit);
                container.Lifecycle.Exit(exit, restarting: false);
                SaveOrWarn(container);
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
}
