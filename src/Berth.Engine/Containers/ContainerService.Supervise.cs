using System.Globalization;
using Berth.Engine.Monitors;
using Berth.Linux;
using Berth.Monitor;

namespace Berth.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>Watches a run until its end, and does what that calls for: record, events, restart, removal.</summary>
    private async Task SuperviseAsync(Container container, ContainerRun run)
    {
        run.Monitor.OnOutOfMemory(() =>
        {
            run.IsToldOfMemory = true;
            MoveRecorded(container, container.Lifecycle.RunOutOfMemory);
            Publish("oom", container);
        });
        _ = TellOfLostLogAsync(container, run);
        try
        {
            var exit = await run.Monitor.Exited;
            await EndRunAsync(container, run, exit);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The daemon ends; the container does not.
        }
        catch (Exception e)
        {
            _log.Error("supervision of a container failed", ("container", container.Id), ("error", e));
        }
        finally
        {
            run.End();
        }
    }

    private async Task TellOfLostLogAsync(Container container, ContainerRun run)
    {
        await run.Monitor.LogLost;
        _log.Warning("lines of a container's log are lost: it cannot be written", ("container", container.Id), ("log", container.Paths.Log));
    }

    private async Task EndRunAsync(Container container, ContainerRun run, ExitRecord exit)
    {
        if (!run.Monitor.HasToldExit && ExitRecordFile.TryRead(container.Paths.Directory) is null)
        {
            await ClearKilledAsync(container);
        }

        ReleaseSharedMemory(container);

        // Before the state shows the end: who sees it may start the container again, or take its ports. Docker
        // tells of it in this order, too, since 23: network, volumes, the end.
        await _networks.DisconnectAsync(container.Id);
        TellUnmounted(container);
        var (record, before) = (container.Record, container.State);
        var ran = TimeOf(before, exit);
        var policy = container.HostConfig.RestartPolicy;
        var isBeingRestarted = container.Lifecycle.IsBeingRestarted;
        var restart = !isBeingRestarted && !_stopping.IsCancellationRequested
            && RestartRule.AfterExit(policy, exit.ExitCode, record.RestartCount, record.StoppedByUser);
        var remove = container.HostConfig.AutoRemove && !isBeingRestarted;
        var delay = restart ? container.Backoff.Next(ran) : TimeSpan.Zero;
        container.Run = null;
        var wait = CancellationToken.None;
        MoveRecorded(container, save => wait = container.Lifecycle.Exit(exit, restart, remove ? null : save));
        run.Dispose();
        if (!remove)
        {
            NoteUse(container, running: false);
            SaveOrWarn(container);
        }

        TellEnded(container, exit, ran, isToldOfMemory: run.IsToldOfMemory);
        run.End();
        if (restart)
        {
            await RestartByPolicyAsync(container, delay, wait);
        }
        else if (remove)
        {
            await RemoveEndedAsync(container);
        }
    }

    private void ReleaseSharedMemory(Container container)
    {
        try
        {
            SharedMemory.Remove(container.Paths);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or LinuxException)
        {
            _log.Warning("the shared memory of a container is left", ("container", container.Id), ("error", e.Message));
        }
    }

    private static TimeSpan TimeOf(RunState run, ExitRecord exit) => exit.FinishedAt - (run.StartedAt ?? exit.FinishedAt);

    private void TellEnded(Container container, ExitRecord exit, TimeSpan ran, bool isToldOfMemory)
    {
        if (exit.OomKilled && !isToldOfMemory)
        {
            Publish("oom", container);
        }

        Publish(
            "die",
            container,
            ("exitCode", exit.ExitCode.ToString(CultureInfo.InvariantCulture)),
            ("execDuration", ((long)ran.TotalSeconds).ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>The monitor was killed before it could record an end.</summary>
    private async Task ClearKilledAsync(Container container)
    {
        _log.Warning("the monitor of a container was killed", ("container", container.Id));
        try
        {
            await KilledMonitor.ClearAsync(_options, ContainerPaths.RuntimeRootOf(_options), container.Id, _time);
        }
        catch (EngineException e)
        {
            _log.Error("something of a container is left", ("container", container.Id), ("error", e.Message));
        }
    }

    /// <param name="wait">Cancelled where somebody else has ended the wait.</param>
    private async Task RestartByPolicyAsync(Container container, TimeSpan delay, CancellationToken wait)
    {
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(wait, _stopping.Token);
            await Task.Delay(delay, _time, either.Token);
            await container.Operation.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // Stopped or removed by somebody, who moved the state; or the daemon ends.
            return;
        }

        try
        {
            if (!wait.IsCancellationRequested)
            {
                ChangeRecorded(container, r => r with { RestartCount = r.RestartCount + 1 });
                await StartLockedAsync(container);
            }
        }
        catch (EngineException e)
        {
            _log.Error("restart by policy failed", ("container", container.Id), ("error", e.Message));
        }
        finally
        {
            container.Operation.Release();
        }
    }

    private async Task RemoveEndedAsync(Container container)
    {
        try
        {
            await RemoveAsync(container, force: false, withVolumes: true);
        }
        catch (EngineException e)
        {
            // Somebody else was faster, or it was started again.
            _log.Debug("not removed after its end", ("container", container.Id), ("error", e.Message));
        }
    }
}
