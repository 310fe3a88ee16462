using Berth.Engine.Containers.HealthChecks;
using Berth.Monitor;

namespace Berth.Engine.Containers;

/// <summary>
/// The state of one container and the only place where it moves. A move that the state does not allow is a conflict; every move
/// wakes those who wait for it, after the state shows it, which is after it was written down.
/// </summary>
/// <remarks>
/// created, exited ── start ──▶ running ◀── pause/unpause ──▶ paused; running ── exit ──▶ exited or restarting; restarting ── start
/// by policy ──▶ running, or stop ──▶ exited; created, exited, dead ── remove ──▶ removing ──▶ gone, or dead.
/// </remarks>
#pragma warning disable CA1001 // The source of a wait's token has no timer and no link: there is nothing to dispose of.
public sealed class ContainerLifecycle(string id, RunState state)
#pragma warning restore CA1001
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<RunState> _removed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<RunState> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _changed;

    /// <summary>Of the wait before a restart by policy, while there is one: cancelled by the move that ends the wait. Not disposed, as it holds nothing.</summary>
    private CancellationTokenSource? _restartWait;
    private volatile bool _isBeingRestarted;
    private volatile RunState _state = state;

    public RunState State => _state;

    /// <summary>A user's restart is under way: the end of the run is not the container's. That holds until the next start, or its failure.</summary>
    public bool IsBeingRestarted => _isBeingRestarted;

    /// <summary>Completes when the container is gone, with its last state.</summary>
    public Task<RunState> Removed => _removed.Task;

    /// <summary>Completes at the next end of a run, also one after which the container is started again; and where a restart is given up.</summary>
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

    /// <summary>Completes at once where nothing runs and nothing is about to, and otherwise as <see cref="NextExit"/>: as Docker's, it does not wait for a restart policy to give up.</summary>
    public Task<RunState> NotRunning
    {
        get
        {
            lock (_gate)
            {
                return _state.IsRunning ? _exited.Task : Task.FromResult(_state);
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

    /// <summary>Refuses what a user cannot start. One that waits for its restart counts as started already.</summary>
    public void CheckStart()
    {
        var state = _state;
        RefuseStart(state);
        if (state.IsRunning)
        {
            throw ContainerErrors.NotModified();
        }
    }

    /// <param name="pid">The first process as the host sees it.</param>
    /// <param name="at">When it was started.</param>
    /// <param name="health">Null: nothing checks it.</param>
    public void Start(int pid, DateTimeOffset at, HealthState? health = null) => Move(s =>
    {
        RefuseStart(s);
        _isBeingRestarted = false;
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
        _isBeingRestarted = false;
        var status = s.Status == ContainerStatus.Restarting ? ContainerStatus.Exited : s.Status;
        return s with { Status = status, ExitCode = exitCode, Error = error };
    });

    /// <param name="exit">How the run ended.</param>
    /// <param name="restarting">It is to be started again.</param>
    /// <param name="save">Writes the new state before anybody sees it.</param>
    /// <returns>Cancelled when the wait for the restart is over, whoever ended it; where none begins, it is already.</returns>
    public CancellationToken Exit(ExitRecord exit, bool restarting, Action<RunState>? save = null) => Move(s => s.HasProcess
        ? s with
        {
            Status = restarting ? ContainerStatus.Restarting : ContainerStatus.Exited,
            Pid = 0,
            ExitCode = exit.ExitCode,
            OomKilled = s.OomKilled || exit.OomKilled,
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

    /// <summary>Memory has run out in a container with a process, whether that goes on or not.</summary>
    /// <param name="save">Writes the new state before anybody sees it.</param>
    public void RunOutOfMemory(Action<RunState>? save = null) => Move(s => s.HasProcess ? s with { OomKilled = true } : s, save);

    /// <summary>A user's restart begins: the run is about to be ended, to be followed by a start.</summary>
    public void BeginRestart() => Move(s =>
    {
        _isBeingRestarted = true;
        return s;
    });

    /// <summary>A user's restart is over. Where it has not come to its start, those who wait for that are woken.</summary>
    public void EndRestart() => Move(s =>
    {
        _isBeingRestarted = false;
        return s;
    });

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

    /// <returns>The token of the wait for a restart that holds from now on.</returns>
    private CancellationToken Move(Func<RunState, RunState> move, Action<RunState>? save = null)
    {
        TaskCompletionSource<RunState>? exited = null;
        TaskCompletionSource? changed;
        CancellationTokenSource? waited = null;
        CancellationToken wait;
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
            if ((before.HasProcess && !after.HasProcess) || (before.IsRunning && !after.IsRunning))
            {
                (exited, _exited) = (_exited, new(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            if (after.Status != ContainerStatus.Restarting)
            {
                (waited, _restartWait) = (_restartWait, null);
            }
            else if (before.Status != ContainerStatus.Restarting)
            {
                _restartWait = new CancellationTokenSource();
            }

            wait = _restartWait?.Token ?? new CancellationToken(canceled: true);
        }

        // What waits for it goes on on a thread of its own: this one may hold the container's locks.
        _ = waited?.CancelAsync();
        changed?.SetResult();
        exited?.SetResult(after);
        return wait;
    }
}
