using System.Text.Json;
using Berth.Engine.Monitors;
using Berth.Monitor;
using static Berth.Runtime.Tests.Monitor.MonitoredBundle;

namespace Berth.Runtime.Tests.Monitor;

public sealed class RunTests
{
    [Fact]
    public async Task A_container_runs_its_output_is_logged_and_its_exit_recorded()
    {
        await using var bundle = new MonitoredBundle("echo out; echo err >&2; echo -n tail; exit 3");
        using var monitor = await bundle.CreateAsync();
        Assert.True(Directory.Exists($"/proc/{monitor.Pid}"));
        Assert.False(monitor.Exited.IsCompleted);
        Assert.InRange(await monitor.StartAsync(Cancellation), DateTimeOffset.UtcNow.AddSeconds(-60), DateTimeOffset.UtcNow);
        var exit = await ExitOf(monitor);
        Assert.Equal(3, exit.ExitCode);
        Assert.False(exit.OomKilled);
        Assert.Equal(exit, ExitRecordFile.TryRead(bundle.Plan.Bundle));
        Assert.Equal(
            ["stderr err\n", "stdout out\n", "stdout tail"],
            bundle.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)
                .Select(e => $"{e.GetProperty("stream")} {e.GetProperty("log")}").Order());
        Assert.Equal([], bundle.Remains());
    }

    [Fact]
    public async Task A_killed_container_has_the_signals_exit_code()
    {
        await using var bundle = new MonitoredBundle("sleep 100");
        using var monitor = await bundle.StartAsync();
        await monitor.SignalAsync(9, cancellationToken: Cancellation);
        Assert.Equal(137, (await ExitOf(monitor)).ExitCode);
    }

    [Theory]
    [InlineData("/bin/missing", 127)]
    [InlineData("missing", 127)]
    [InlineData("/tmp", 126)]
    public async Task A_program_that_cannot_run_is_a_failed_start_that_leaves_nothing(string program, int exitCode)
    {
        await using var bundle = new MonitoredBundle("");
        bundle.Spec = bundle.Spec with { Process = Process(program, "x") };
        var failure = await Assert.ThrowsAsync<MonitorFailureException>(async () => (await bundle.StartAsync()).Dispose());
        Assert.Equal(exitCode, failure.Failure.ExitCode);
        Assert.Contains(program, failure.Message, StringComparison.Ordinal);
        await Eventually(() => bundle.Remains().Count == 0);
    }

    [Fact]
    public async Task A_bundle_that_cannot_be_made_is_a_failed_create_that_leaves_nothing()
    {
        await using var bundle = new MonitoredBundle("true");
        bundle.Spec = bundle.Spec with { Root = new Oci.Runtime.OciRoot { Path = "missing" } };
        await Assert.ThrowsAsync<MonitorFailureException>(bundle.CreateAsync);
        await Eventually(() => bundle.Remains().Count == 0);
    }

    [Fact]
    public async Task A_created_container_whose_daemon_goes_away_is_undone()
    {
        await using var bundle = new MonitoredBundle("true");
        var monitor = await bundle.CreateAsync();
        var pid = monitor.Pid;
        monitor.Dispose();
        await Eventually(() => bundle.Remains().Count == 0 && !Directory.Exists($"/proc/{pid}"));
        Assert.Null(ExitRecordFile.TryRead(bundle.Plan.Bundle));
    }

    [Fact]
    public async Task A_started_container_outlives_its_daemon_which_finds_it_again()
    {
        await using var bundle = new MonitoredBundle("sleep 1; echo late; exit 5");
        DateTimeOffset started;
        int pid;
        using (var first = await bundle.StartAsync())
        {
            (started, pid) = (first.StartedAt!.Value, first.Pid);
        }

        using var again = await ContainerMonitor.TryReconnectAsync(bundle.Plan.StateDirectory, bundle.Plan.Bundle, TimeProvider.System, Cancellation);
        Assert.NotNull(again);
        Assert.Equal((pid, started, false), (again.Pid, again.StartedAt, again.Paused));
        Assert.Equal(5, (await ExitOf(again)).ExitCode);
        Assert.Contains("late", bundle.Log, StringComparison.Ordinal);
        Assert.Null(await ContainerMonitor.TryReconnectAsync(bundle.Plan.StateDirectory, bundle.Plan.Bundle, TimeProvider.System, Cancellation));
    }

    [Fact]
    public async Task A_container_that_ends_while_there_is_no_daemon_leaves_its_record()
    {
        await using var bundle = new MonitoredBundle("exit 9");
        (await bundle.StartAsync()).Dispose();
        await Eventually(() => ExitRecordFile.TryRead(bundle.Plan.Bundle) is not null);
        Assert.Equal(9, ExitRecordFile.ReadAfterMonitor(bundle.Plan.Bundle, TimeProvider.System).ExitCode);
        await Eventually(() => bundle.Remains().Count == 0);
    }

    [Fact]
    public async Task A_killed_monitor_takes_its_container_along_with_exit_code_137()
    {
        await using var bundle = new MonitoredBundle("sleep 100");
        using var monitor = await bundle.StartAsync();
        Processes.Signal(Processes.ParentOf(monitor.Pid), 9);
        Assert.Equal(137, (await ExitOf(monitor)).ExitCode);
        await Eventually(() => !Directory.Exists($"/proc/{monitor.Pid}"));
        await Assert.ThrowsAsync<MonitorFailureException>(() => monitor.SignalAsync(0, cancellationToken: Cancellation));

        // What such a container leaves is the daemon's to remove: the cgroup and the state are where they were.
        using var delete = System.Diagnostics.Process.Start(RuntimePath, ["--root", bundle.Plan.RuntimeRoot, "delete", "--force", bundle.Id]);
        await delete.WaitForExitAsync(Cancellation);
        File.Delete(Path.Combine(bundle.Plan.StateDirectory, "monitor.sock"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(13)]
    [InlineData(15)]
    public async Task A_monitor_ignores_the_signals_that_end_other_programs(int signal)
    {
        await using var bundle = new MonitoredBundle("sleep 100");
        using var monitor = await bundle.StartAsync();
        Processes.Signal(Processes.ParentOf(monitor.Pid), signal);
        await monitor.SignalAsync(9, cancellationToken: Cancellation);
        Assert.Equal(137, (await ExitOf(monitor)).ExitCode);
        Assert.NotNull(ExitRecordFile.TryRead(bundle.Plan.Bundle));
    }

    [Fact]
    public async Task The_exit_is_told_although_its_record_cannot_be_written()
    {
        await using var bundle = new MonitoredBundle("exit 5");
        using var monitor = await bundle.CreateAsync();
        // A directory in the record's place is as good as a full disk, and easier to make.
        Directory.CreateDirectory(Path.Combine(bundle.Plan.Bundle, ExitRecordFile.Name, "full"));
        await monitor.StartAsync(Cancellation);
        Assert.Equal(5, (await ExitOf(monitor)).ExitCode);
        var said = Path.Combine(bundle.Plan.Bundle, "monitor.log");
        Assert.Contains("cannot write the exit record", await File.ReadAllTextAsync(said, Cancellation), StringComparison.Ordinal);
        File.Delete(said);
    }

    [Fact]
    public async Task A_container_that_is_killed_before_its_start_leaves_nothing()
    {
        await using var bundle = new MonitoredBundle("true");
        using var monitor = await bundle.CreateAsync();
        Processes.Signal(monitor.Pid, 9);
        await Assert.ThrowsAsync<MonitorFailureException>(() => monitor.StartAsync(Cancellation));
        await Eventually(() => bundle.Remains().Count == 0);
    }

    [Fact]
    public async Task A_paused_container_stands_still_until_it_is_resumed()
    {
        await using var bundle = new MonitoredBundle("while true; do echo x; sleep 0.01; done");
        using var monitor = await bundle.StartAsync();
        await monitor.PauseAsync(Cancellation);
        var length = new FileInfo(bundle.LogPath).Length;
        using (var again = await ContainerMonitor.TryReconnectAsync(bundle.Plan.StateDirectory, bundle.Plan.Bundle, TimeProvider.System, Cancellation))
        {
            Assert.True(again!.Paused);
        }

        await Task.Delay(100, Cancellation);
        Assert.InRange(new FileInfo(bundle.LogPath).Length, length, length + 200);
        var refused = await Assert.ThrowsAsync<MonitorFailureException>(() =>
            monitor.ExecAsync(new ExecRequest { Id = "e", Process = Process("true") }, Cancellation));
        Assert.Contains("paused", refused.Message, StringComparison.Ordinal);
        await monitor.ResumeAsync(Cancellation);
        await Eventually(() => new FileInfo(bundle.LogPath).Length > length + 500);
        await monitor.SignalAsync(9, cancellationToken: Cancellation);
        await ExitOf(monitor);
    }

    internal static async Task Eventually(Func<bool> condition)
    {
        for (var end = DateTimeOffset.UtcNow.AddSeconds(60); !condition(); await Task.Delay(10, Cancellation))
        {
            Assert.True(DateTimeOffset.UtcNow < end, "the condition did not come true in a minute");
        }
    }
}
