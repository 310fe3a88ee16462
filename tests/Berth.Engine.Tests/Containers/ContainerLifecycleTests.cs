using Berth.Engine.Containers;
using Berth.Monitor;

namespace Berth.Engine.Tests.Containers;

public sealed class ContainerLifecycleTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly ExitRecord _exit = new() { ExitCode = 3, FinishedAt = _now };

    private readonly ContainerLifecycle _life = new("abc", new RunState());

    [Fact]
    public void A_run_goes_from_created_over_running_to_exited()
    {
        _life.Start(42, _now);
        Assert.Equal(ContainerStatus.Running, _life.State.Status);
        Assert.Equal(42, _life.State.Pid);
        _life.Exit(_exit, restarting: false);
        Assert.Equal(ContainerStatus.Exited, _life.State.Status);
        Assert.Equal((0, 3), (_life.State.Pid, _life.State.ExitCode));
    }

    [Fact]
    public void Start_of_a_running_container_changes_nothing()
    {
        _life.Start(42, _now);
        Assert.Equal(ErrorKind.NotModified, Assert.Throws<EngineException>(() => _life.Start(43, _now)).Kind);
        Assert.Equal(42, _life.State.Pid);
    }

    [Fact]
    public void Illegal_moves_are_conflicts()
    {
        Assert.Equal(ErrorKind.Conflict, Assert.Throws<EngineException>(_life.Pause).Kind);
        Assert.Equal(ErrorKind.Conflict, Assert.Throws<EngineException>(() => _life.Exit(_exit, restarting: false)).Kind);
        _life.Start(42, _now);
        var refusal = Assert.Throws<EngineException>(_life.BeginRemoval);
        Assert.Equal("container is running: stop the container before removing or force remove", refusal.Message);
        _life.Pause();
        Assert.Throws<EngineException>(_life.Pause);
        Assert.Throws<EngineException>(() => _life.Start(43, _now));
    }

    [Fact]
    public async Task Who_waits_is_woken_after_the_state_shows_the_end()
    {
        Assert.True(_life.NotRunning.IsCompleted);
        var next = _life.NextExit;
        _life.Start(42, _now);
        var stopped = _life.NotRunning;
        Assert.False(next.IsCompleted || stopped.IsCompleted);
        _life.Exit(_exit, restarting: true);
        Assert.True(next.IsCompletedSuccessfully);
        Assert.Equal(3, (await stopped).ExitCode);
        var given = _life.NotRunning;
        Assert.False(given.IsCompleted);
        Assert.True(_life.TryCancelRestart());
        Assert.Equal(3, (await given).ExitCode);
    }

    [Fact]
    public void The_wait_for_a_restart_ends_with_the_move_that_ends_it_and_each_has_its_own()
    {
        _life.Start(42, _now);
        Assert.True(_life.Exit(_exit, restarting: false).IsCancellationRequested);
        _life.Start(43, _now);
        var first = _life.Exit(_exit, restarting: true);
        Assert.False(first.IsCancellationRequested);
        Assert.Equal(ErrorKind.NotModified, Assert.Throws<EngineException>(_life.CheckStart).Kind);
        Assert.True(_life.TryCancelRestart());
        Assert.True(first.IsCancellationRequested);
        _life.Start(44, _now);
        var second = _life.Exit(_exit, restarting: true);
        Assert.False(second.IsCancellationRequested);
        _life.FailStart(127, "no such program");
        Assert.True(second.IsCancellationRequested);
        Assert.Equal(ContainerStatus.Exited, _life.State.Status);
    }

    [Fact]
    public async Task A_users_restart_is_under_way_until_the_next_start_or_its_failure()
    {
        _life.Start(42, _now);
        _life.BeginRestart();
        Assert.True(_life.IsBeingRestarted);
        _life.Exit(_exit, restarting: false);
        Assert.True(_life.IsBeingRestarted);
        _life.Start(43, _now);
        Assert.False(_life.IsBeingRestarted);
        _life.BeginRestart();
        _life.Exit(_exit, restarting: false);
        var changed = _life.NextChange;
        _life.FailStart(127, "no such program");
        await changed;
        Assert.False(_life.IsBeingRestarted);
        _life.BeginRestart();
        changed = _life.NextChange;
        _life.EndRestart();
        await changed;
        Assert.False(_life.IsBeingRestarted);
    }

    [Fact]
    public async Task A_failed_start_leaves_the_container_as_it_was_and_says_why()
    {
        _life.FailStart(127, "no such program");
        Assert.Equal(ContainerStatus.Created, _life.State.Status);
        Assert.Equal((127, "no such program"), (_life.State.ExitCode, _life.State.Error));
        _life.BeginRemoval();
        _life.FinishRemoval();
        Assert.Equal("", (await _life.Removed).Error);
    }

    [Fact]
    public async Task What_a_move_makes_is_saved_before_anybody_sees_it()
    {
        _life.Start(42, _now);
        var stopped = _life.NotRunning;
        var seen = new List<(ContainerStatus Saved, ContainerStatus Seen, bool Told)>();
        _life.Exit(_exit, restarting: true, save: state => seen.Add((state.Status, _life.State.Status, stopped.IsCompleted)));
        await stopped;
        var given = _life.NotRunning;
        Assert.True(_life.TryCancelRestart(save: state => seen.Add((state.Status, _life.State.Status, given.IsCompleted))));
        Assert.False(_life.TryCancelRestart(save: _ => Assert.Fail("nothing has changed")));
        Assert.Equal(
            [(ContainerStatus.Restarting, ContainerStatus.Running, false), (ContainerStatus.Exited, ContainerStatus.Restarting, false)],
            seen);
        await given;
    }
}
