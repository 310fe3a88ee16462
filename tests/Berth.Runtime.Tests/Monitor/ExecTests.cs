using Berth.Engine.Monitors;
using Berth.Monitor;
using Berth.Oci.Runtime;
using static Berth.Runtime.Tests.Monitor.MonitoredBundle;

namespace Berth.Runtime.Tests.Monitor;

public sealed class ExecTests
{
    [Fact]
    public async Task An_exec_runs_inside_and_its_exit_is_known_when_its_stream_ends()
    {
        await using var bundle = new MonitoredBundle("sleep 100");
        using var monitor = await bundle.StartAsync();
        using var stream = await monitor.ExecAsync(Request("e1", "echo out; echo err >&2; readlink /proc/self/ns/pid; exit 7"), Cancellation);
        Assert.NotNull(stream.Pid);
        var inside = new FileInfo($"/proc/{monitor.Pid}/ns/pid").LinkTarget;
        Assert.Equal(($"out\n{inside}\n", "err\n"), await ReadAllAsync(stream));
        Assert.Equal(7, stream.Exit?.ExitCode);
        await EndAsync(monitor);
    }

    [Theory]
    [InlineData("missing", 127)]
    [InlineData("/tmp", 126)]
    public async Task An_exec_that_cannot_run_fails_and_the_container_goes_on(string program, int exitCode)
    {
        await using var bundle = new MonitoredBundle("sleep 100");
        using var monitor = await bundle.StartAsync();
        var failure = await Assert.ThrowsAsync<MonitorFailureException>(() =>
            monitor.ExecAsync(new ExecRequest { Id = "e", Process = Process(program, "x"), Stdout = true }, Cancellation));
        Assert.Equal(exitCode, failure.Failure.ExitCode);
        using var next = await monitor.ExecAsync(Request("e", "exit 0"), Cancellation);
        await ReadAllAsync(next);
        Assert.Equal(0, next.Exit?.ExitCode);
        await EndAsync(monitor);
    }

    [Fact]
    public async Task Input_of_an_exec_ends_when_its_client_closes_it()
    {
        await using var bundle = new MonitoredBundle("sleep 100");
        using var monitor = await bundle.StartAsync();
        using var stream = await monitor.ExecAsync(Request("e", "cat; echo end") with { Stdin = true }, Cancellation);
        await stream.WriteStdinAsync("typed\n"u8.ToArray(), Cancellation);
        await stream.CloseStdinAsync(Cancellation);
        Assert.Equal("typed\nend\n", (await ReadAllAsync(stream)).Stdout);
        Assert.Equal(0, stream.Exit?.ExitCode);
        await EndAsync(monitor);
    }

    [Fact]
    public async Task Several_execs_run_at_once()
    {
        await using var bundle = new MonitoredBundle("sleep 100");
        using var monitor = await bundle.StartAsync();
        var outputs = await Task.WhenAll(Enumerable.Range(0, 12).Select(async i =>
        {
            using var stream = await monitor.ExecAsync(Request($"e{i}", $"sleep 0.{i % 3}; echo {i}; exit {i}"), Cancellation);
            var output = (await ReadAllAsync(stream)).Stdout;
            return (output, stream.Exit?.ExitCode);
        }));
        Assert.Equal(Enumerable.Range(0, 12).Select(i => ($"{i}\n", (int?)i)), outputs);
        await EndAsync(monitor);
    }

    [Fact]
    public async Task An_exec_has_a_terminal_of_its_own_and_can_be_resized_and_signalled()
    {
        await using var bundle = new MonitoredBundle("sleep 100");
        using var monitor = await bundle.StartAsync();
        var request = new ExecRequest
        {
            Id = "tty",
            Process = Process("stty size; echo ready; sleep 100") with { Terminal = true, ConsoleSize = new OciBox { Height = 20, Width = 70 } },
            Stdin = true,
            Stdout = true,
        };
        using var stream = await monitor.ExecAsync(request, Cancellation);
        Assert.Equal("20 70\r\nready\r\n", await ReadUntilAsync(stream, "ready\r\n"));
        await monitor.ResizeAsync(new TerminalSize(50, 150), "tty", Cancellation);
        await monitor.SignalAsync(9, "tty", Cancellation);
        await ReadAllAsync(stream);
        Assert.Equal(137, stream.Exit?.ExitCode);
        await EndAsync(monitor);
    }

    [Fact]
    public async Task A_lost_client_leaves_the_exec_running()
    {
        await using var bundle = new MonitoredBundle("while ! [ -e /tmp/mark ]; do sleep 0.02; done; exit 11");
        using var monitor = await bundle.StartAsync();
        (await monitor.ExecAsync(Request("e", "sleep 0.2; echo x; echo y > /tmp/mark"), Cancellation)).Dispose();
        Assert.Equal(11, (await ExitOf(monitor)).ExitCode);
    }

    [Fact]
    public async Task A_grandchild_that_holds_the_output_does_not_hold_the_execs_end()
    {
        await using var bundle = new MonitoredBundle("sleep 100");
        using var monitor = await bundle.StartAsync();
        using var stream = await monitor.ExecAsync(Request("e", "sleep 100 & echo started"), Cancellation);
        Assert.Equal("started\n", (await ReadAllAsync(stream)).Stdout);
        Assert.Equal(0, stream.Exit?.ExitCode);
        await EndAsync(monitor);
    }

    [Fact]
    public async Task The_end_of_the_container_ends_its_execs()
    {
        await using var bundle = new MonitoredBundle("sleep 0.3");
        using var monitor = await bundle.StartAsync();
        using var stream = await monitor.ExecAsync(Request("e", "sleep 100"), Cancellation);
        await ReadAllAsync(stream);
        Assert.Equal(137, stream.Exit?.ExitCode);
        Assert.Equal(0, (await ExitOf(monitor)).ExitCode);
    }

    [Fact]
    public async Task With_a_shared_pid_namespace_nothing_of_the_container_is_left()
    {
        await using var bundle = new MonitoredBundle("sleep 1001 & sleep 0.5; exit 3");
        bundle.Spec = bundle.Spec with { Linux = bundle.Spec.Linux! with { Namespaces = [.. bundle.Spec.Linux.Namespaces!.Where(n => n.Type != "pid")] } };
        using var monitor = await bundle.CreateAsync();
        using var attached = await monitor.AttachAsync(new AttachRequest { Stdout = true }, Cancellation);
        await monitor.StartAsync(Cancellation);
        using var exec = await monitor.ExecAsync(Request("e", "sleep 1002"), Cancellation);
        await ReadAllAsync(attached);
        await ReadAllAsync(exec);
        Assert.Equal(137, exec.Exit?.ExitCode);
        Assert.Equal(3, (await ExitOf(monitor)).ExitCode);
        Assert.Equal([], bundle.Remains());
    }

    private static ExecRequest Request(string id, string script) => new() { Id = id, Process = Process(script), Stdout = true, Stderr = true };

    private static async Task EndAsync(ContainerMonitor monitor)
    {
        await monitor.SignalAsync(9, cancellationToken: Cancellation);
        await ExitOf(monitor);
    }
}
