using System.Globalization;
using System.Security.Cryptography;
using Berth.Api;
using Berth.Api.Containers;
using Berth.Engine.Containers.HealthChecks;
using Berth.Engine.Monitors;
using Berth.Linux;
using Berth.Linux.Processes;
using Berth.Monitor;

namespace Berth.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>A killed check is gone at once, unless it was frozen or the kernel is stuck; then nobody waits for it.</summary>
    private static readonly TimeSpan _probeKillTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Checks the container's health for as long as the run lasts.</summary>
    private void WatchHealth(Container container, ContainerRun run)
    {
        if (HealthPlan.Of(container.Config) is { } plan)
        {
            _ = CheckHealthAsync(container, run, plan);
        }
    }

    private async Task CheckHealthAsync(Container container, ContainerRun run, HealthPlan plan)
    {
        var startedAt = container.State.StartedAt ?? _time.GetUtcNow();
        try
        {
            while (true)
            {
                var health = container.State.Health ?? HealthState.Unknown;
                await Task.Delay(plan.Wait(health, _time.GetUtcNow() - startedAt), _time, run.Stopped);
                if (container.State.Status != ContainerStatus.Running)
                {
                    continue;
                }

                var probe = await ProbeAsync(container, run, plan);
                if (container.State.Status == ContainerStatus.Running && !run.Stopped.IsCancellationRequested)
                {
                    Record(container, run, h => plan.After(h, probe, startedAt));
                }
            }
        }
        catch (OperationCanceledException) when (run.Stopped.IsCancellationRequested)
        {
            // The run is over, or the daemon ends; the next one goes on with what is recorded.
        }
    }

    private void Record(Container container, ContainerRun run, Func<HealthState, HealthState> change)
    {
        (HealthState Before, HealthState After)? changed = null;
        MoveRecorded(container, save => changed = container.Lifecycle.ChangeHealth(change, state =>
        {
            // The log alone is not worth a write at every check.
            var known = container.State.Health ?? HealthState.Unknown;
            if (known.Status != state.Health!.Status || known.FailingStreak != state.Health.FailingStreak)
            {
                save(state);
            }
        }));
        if (changed is not var (before, after))
        {
            return;
        }

        if (before.Status != after.Status)
        {
            Publish($"health_status: {after.Status}", container);
            if (after.Status == HealthState.Unhealthy
                && RestartRule.WhenUnhealthy(container.HostConfig.RestartPolicy, container.Record.RestartCount))
            {
                _ = RestartUnhealthyAsync(container, run);
            }
        }
    }

    /// <summary>Runs one check; it is killed with all that it started when its time is over.</summary>
    private async Task<HealthProbe> ProbeAsync(Container container, ContainerRun run, HealthPlan plan)
    {
        var (start, id) = (_time.GetUtcNow(), RandomNumberGenerator.GetHexString(64, lowercase: true));
        var command = string.Join(' ', plan.Command);
        var output = new ProbeOutput();
        try
        {
            var process = ProcessOf(container, new CreateExecRequest { Cmd = StringList.Of(plan.Command) }, consoleSize: null);
            Publish($"exec_create: {command}", container, ("execID", id));
            using var stream = await run.Monitor.ExecAsync(
                new ExecRequest { Id = id, Process = process, Stdout = true, Stderr = true }, run.Stopped);
            Publish($"exec_start: {command}", container, ("execID", id));
            var inTime = await TryReadAsync(stream, output, plan.Timeout, run.Stopped);
            if (!inTime)
            {
                await KillProbeAsync(run, stream, id, output);
            }

            if (stream.Exit is { } exit)
            {
                Publish("exec_die", container, ("execID", id), ("exitCode", exit.ExitCode.ToString(CultureInfo.InvariantCulture)));
            }

            return inTime
                ? Result(stream.Exit?.ExitCode ?? -1, output.ToString())
                : Result(-1, $"Health check exceeded timeout ({GoDuration.Text(plan.Timeout)}): {output}".TrimEnd(' ', ':'));
        }
        catch (Exception e) when (e is MonitorFailureException or EngineException or LinuxException or IOException)
        {
            return Result(-1, e.Message);
        }

        HealthProbe Result(int exitCode, string text) => new(start, _time.GetUtcNow(), exitCode, text);
    }

    /// <returns>False where the check had not ended in time.</returns>
    private async Task<bool> TryReadAsync(MonitorStream stream, ProbeOutput output, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            while (await stream.ReadAsync(either.Token) is { } frame)
            {
                output.Add(frame.Payload.Span);
            }

            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task KillProbeAsync(ContainerRun run, MonitorStream stream, string id, ProbeOutput output)
    {
        // An exec leads a process group: what it started goes with it.
        using (var leader = ProcessHandle.TryOpen(stream.Pid ?? 0))
        {
            leader?.TrySignalGroup(StopSignals.Kill);
        }

        try
        {
            await run.Monitor.SignalAsync(StopSignals.Kill, id, run.Stopped);
        }
        catch (MonitorFailureException e)
        {
            _log.Debug("a health check has ended already", ("exec", id), ("error", e.Message));
        }

        await TryReadAsync(stream, output, _probeKillTimeout, run.Stopped);
    }
}
