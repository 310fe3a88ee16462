using System.Globalization;
using Berth.Engine.Monitors;
using Berth.Linux.Processes;

namespace Berth.Engine.Containers;

public sealed partial class ContainerService
{
    private const int DefaultStopTimeout = 10;

    /// <summary>No process outlives SIGKILL this long, unless the kernel itself is stuck.</summary>
    private static readonly TimeSpan _killTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Asks the container to end, and ends it where it does not; returns when it is recorded as ended.</summary>
    /// <param name="timeout">Seconds; null: the container's own; negative: for ever.</param>
    /// <param name="signal">Null: the container's own.</param>
    /// <param name="cancellationToken">Ends a wait that has no end of its own, and no other.</param>
    public async Task StopAsync(string nameOrId, int? timeout, string? signal, CancellationToken cancellationToken)
    {
        var container = Get(nameOrId);
        if (!container.State.IsRunning)
        {
            throw ContainerErrors.NotModified();
        }

        StopSignals.Parse(SignalOf(container, signal));
        if (!await TryCancelRestartAsync(container, cancellationToken))
        {
            await StopAsync(container, timeout, signal, cancellationToken);
        }

        Publish("stop", container);
    }

    private static string SignalOf(Container container, string? signal) => signal ?? container.Config.StopSignal ?? "SIGTERM";

    /// <summary>Ends the wait for a restart by policy, or waits until that restart has come to its start: a stop then stops it.</summary>
    /// <returns>False where the container runs.</returns>
    private async Task<bool> TryCancelRestartAsync(Container container, CancellationToken cancellationToken)
    {
        if (container.State.Status != ContainerStatus.Restarting)
        {
            return false;
        }

        container.Change(r => r with { StoppedByUser = true });
        await container.Operation.WaitAsync(cancellationToken);
        try
        {
            CancelRestart(container);
            return !container.State.IsRunning;
        }
        finally
        {
            container.Operation.Release();
        }
    }

    private async Task StopAsync(Container container, int? timeout, string? signal, CancellationToken cancellationToken)
    {
        var number = StopSignals.Parse(SignalOf(container, signal));
        container.Change(r => r with { StoppedByUser = true });
        if (container.Run is not { } run)
        {
            if (container.State.HasProcess)
            {
                container.RefuseDamaged();
            }

            CancelRestart(container);
            return;
        }

        var seconds = timeout ?? container.Config.StopTimeout ?? DefaultStopTimeout;
        if (timeout is null && container.Config.StopTimeout is null && SignalMasks.TryRead(container.State.Pid) is { } masks && masks.IsLostOn(number))
        {
            // Nothing will come of the signal, and nobody asked for a time that its work may take.
            seconds = 0;
        }

        await SignalAsync(container, run, number);
        await ThawAsync(container, run);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, seconds < 0 ? cancellationToken : CancellationToken.None);
            await run.Ended.WaitAsync(seconds < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds), _time, patience.Token);
        }
        catch (TimeoutException)
        {
            await SignalAsync(container, run, StopSignals.Kill);
            await WaitKilledAsync(container, run);
        }

        // It may have ended by itself just before, with a restart already due.
        CancelRestart(container);
    }

    private void CancelRestart(Container container)
    {
        var waited = false;
        MoveRecorded(container, save => waited = container.Lifecycle.TryCancelRestart(save));
        if (waited)
        {
            SaveOrWarn(container);
        }
    }

    /// <summary>Sends a signal to the container's process; one that has just ended needs none.</summary>
    private async Task SignalAsync(Container container, ContainerRun run, int signal)
    {
        try
        {
            // Told first, because what it leads to is told as soon as it happens.
            Publish("kill", container, ("signal", signal.ToString(CultureInfo.InvariantCulture)));
            await run.Monitor.SignalAsync(signal);
        }
        catch (MonitorFailureException e)
        {
            _log.Debug("signal not sent", ("container", container.Id), ("signal", signal), ("error", e.Message));
        }

        if (signal == StopSignals.Kill)
        {
            await ThawAsync(container, run);
        }
    }

    /// <summary>A frozen process takes no signal, and does not even die.</summary>
    private async Task ThawAsync(Container container, ContainerRun run)
    {
        if (container.State.Status != ContainerStatus.Paused)
        {
            return;
        }

        try
        {
            await run.Monitor.ResumeAsync(_stopping.Token);
        }
        catch (MonitorFailureException e)
        {
            _log.Debug("not thawed", ("container", container.Id), ("error", e.Message));
        }
    }

    private async Task WaitKilledAsync(Container container, ContainerRun run)
    {
        try
        {
            await run.Ended.WaitAsync(_killTimeout, _time, _stopping.Token);
        }
        catch (TimeoutException e)
        {
            throw new EngineException(ErrorKind.System, $"container {container.Id} did not end although it was killed", e);
        }
    }
}
