using Berth.Engine.Containers.HealthChecks;
using Berth.Monitor;

namespace Berth.Engine.Containers;

/// <summary>
/// The state of one container and the only place where it moves. A move that the state does not allow is a conflict; every move
/// wakes those who wait for it, after the state shows it, which is after it was written down.
/// </summary>
/// <remarks>
/// created, exited ── start ──▶ running ◀── pause/unpause ──▶ paused; running ── exit ──▶ exited or restarting; restarting ── start
/// ──▶ running, or stop ──▶ exited; created, exited, restarting, dead ── remove ──▶ removing ──▶ gone, or dead.
/// </remarks>
public sealed class ContainerLifecycle(string id, RunState state)
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<RunState> _removed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<RunState> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<RunState> _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _changed;
    private volatile RunState _state = state;

    public RunState State => _state;

    /// <summary>Completes when the container is gone, with its last state.</summary>
    public Task<RunState> Removed => _removed.Task;

    /// <summary>Completes at the next end of a run, also one after which the container is started again.</summary>
    public Task<RunState> NextExit
    {
        get
        {
            lock (_gate)
            {
                return _exited.Task;
            }
        }
    }

    /// <summary>Completes when nothing runs and nothing is about to: at once where that is so already.</summary>
    public Task<RunState> NotRunning
    {
        get
        {
            lock (_gate)
            {
                return _state.IsRunning ? _stopped.Task : Task.FromResult(_state);
            }
        }
    }

    /// <summary>Completes at the next move.</summary>
    public Task NextChange
    {
        get
        {
            lock (_gate)
            {
                return (_changed ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
        }
    }

    /// <summary>Refuses where <see cref="Start"/> would.</summary>
    public void CheckStart() => RefuseStart(_state);

    /// <param name="pid">The first process as the host sees it.</param>
    /// <param name="at">When it was started.</param>
    /// <param name="health">Null: nothing checks it.</param>
    public void Start(int pid, DateTimeOffset at, HealthState? health = null) => Move(s =>
    {
        RefuseStart(s);
        return new RunState { Status = ContainerStatus.Running, Pid = pid, StartedAt = at, FinishedAt = s.FinishedAt, Health = health };
    });

    /// <summary>Sets how healthy a container with a process is.</summary>
    /// <param name="change">From what was known to what is known now.</param>
    /// <param name="save">Writes the new state before anybody sees it.</param>
    /// <returns>What was known and what is known now; null where it has ended.</returns>
    public (HealthState Before, HealthState After)? ChangeHealth(Func<HealthState, HealthState> change, Action<RunState>? save = null)
    {
        (HealthState, HealthState)? changed = null;
        Move(s =>
        {
            if (!s.HasProcess)
            {
                return s;
            }

            var before = s.Health ?? HealthState.Unknown;
            var after = change(before);
            changed = (before, after);
            return s with { Health = after };
        }, save);
        return changed;
    }

    /// <summary>A start failed: the container is as it was, with the failure told.</summary>
    public void FailStart(int exitCode, string error) => Move(s =>
    {
        RefuseStart(s);
        var status = s.Status == ContainerStatus.Restarting ? ContainerStatus.Exited : s.Status;
        return s with { Status = status, ExitCode = exitCode, Error = error };
    });

    /// <param name="exit">How the run ended.</param>
    /// <param name="restarting">It is to be started again.</param>
    /// <param name="save">Writes the new state before anybody sees it.</param>
    public void Exit(ExitRecord exit, bool restarting, Action<RunState>? save = null) => Move(s => s.HasProcess
        ? s with
        {
            Status = restarting ? ContainerStatus.Restarting : ContainerStatus.Exited,
            Pid = 0,
            ExitCode = exit.ExitCode,
            OomKilled = exit.OomKilled,
            FinishedAt = exit.FinishedAt,

            // Docker's word for what is not checked any more.
            Health = s.Health is null ? null : s.Health with { Status = HealthState.Unhealthy },
        }
        : throw ContainerErrors.NotRunning(id), save);

    /// <summary>A container that waited for its restart will not be started.</summary>
    /// <param name="save">Writes the new state before anybody sees it.</param>
    /// <returns>False where it does not wait.</returns>
    public bool TryCancelRestart(Action<RunState>? save = null)
    {
        var waited = false;
        Move(s => (waited = s.Status == ContainerStatus.Restarting) ? s with { Status = ContainerStatus.Exited } : s, save);
        return waited;
    }

    public void Pause() => Move(s => s.Status switch
    {
        ContainerStatus.Running => s with { Status = ContainerStatus.Paused },
        ContainerStatus.Paused => throw ContainerErrors.AlreadyPaused(id),
        _ => throw ContainerErrors.NotRunning(id),
    });

    public void Unpause() => Move(s => s.Status == ContainerStatus.Paused
        ? s with { Status = ContainerStatus.Running }
        : throw ContainerErrors.NotPaused(id));

    public void BeginRemoval() => Move(s => s.Status switch
    {
        ContainerStatus.Removing => throw ContainerErrors.RemovalInProgress(id),
        ContainerStatus.Created or ContainerStatus.Exited or ContainerStatus.Dead => s with { Status = ContainerStatus.Removing },
        _ => throw ContainerErrors.RemoveRunning(s.Status),
    });

    public void FailRemoval(string error) =>
        Move(s => s.Status == ContainerStatus.Removing ? s with { Status = ContainerStatus.Dead, Error = error } : s);

    /// <summary>The container is gone: the last move. Why it did not start is no concern of those who wait for this.</summary>
    public void FinishRemoval() => _removed.TrySetResult(_state with { Error = "" });

    private static void RefuseStart(RunState s)
    {
        switch (s.Status)
        {
            case ContainerStatus.Running:
                throw ContainerErrors.NotModified();
            case ContainerStatus.Paused:
                throw ContainerErrors.StartPaused();
            case ContainerStatus.Removing or ContainerStatus.Dead:
                throw ContainerErrors.StartRemoved();
        }
    }

    private void Move(Func<RunState, RunState> move, Action<RunState>? save = null)
    {
        TaskCompletionSource<RunState>? exited = null;
        TaskCompletionSource<RunState>? stopped = null;
        TaskCompletionSource? changed;
        RunState after;
        lock (_gate)
        {
            var before = _state;
            after = move(before);
            if (after != before)
            {
                save?.Invoke(after);
            }

            _state = after;
            (changed, _changed) = (_changed, null);
            if (before.HasProcess && !after.HasProcess)
            {
                (exited, _exited) = (_exited, new(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            if (before.IsRunning && !after.IsRunning)
            {
                (stopped, _stopped) = (_stopped, new(TaskCreationOptions.RunContinuationsAsynchronously));
            }
        }

        changed?.SetResult();
        exited?.SetResult(after);
        stopped?.SetResult(after);
    }
}
