using Berth.Engine.Monitors;
using Berth.Linux;
using Berth.Linux.Descriptors;
using Berth.Linux.Sockets;
using Berth.Monitor;
using static Berth.Runtime.Tests.Monitor.MonitoredBundle;

namespace Berth.Runtime.Tests.Monitor;

/// <summary>Alone, because it counts the nurseries of this process.</summary>
[CollectionDefinition(nameof(NurseryTests), DisableParallelization = true)]
[Collection(nameof(NurseryTests))]
public sealed class NurseryTests
{
    [Fact]
    public async Task One_nursery_makes_all_monitors_and_ends_with_its_daemon_without_them()
    {
        await using var bundle = new MonitoredBundle("sleep 100");
        bundle.Processes.Prepare();
        bundle.Processes.Prepare();
        var nursery = await NurseryAsync();
        using var monitor = await bundle.StartAsync();
        await RunTests.Eventually(() => Nurseries() is [var only] && only == nursery);
        var child = Assert.Single(Processes.ChildrenOf(nursery));
        bundle.Processes.Dispose();
        await RunTests.Eventually(() => Nurseries().Length == 0 && !Processes.IsAlive(nursery));
        Assert.True(Processes.IsAlive(child), "the monitor went with its nursery");
        await monitor.SignalAsync(9, cancellationToken: Cancellation);
        Assert.Equal(137, (await ExitOf(monitor)).ExitCode);
        await RunTests.Eventually(() => !Processes.IsAlive(child));
    }

    [Fact]
    public async Task A_container_whose_daemon_goes_away_before_it_is_made_is_undone()
    {
        await using var bundle = new MonitoredBundle("true");
        await bundle.WriteAsync();
        using var nursery = MonitorNursery.Start(RuntimePath);
        var process = await NurseryAsync();
        using (var connection = HandCreate(nursery, bundle))
        {
            await RunTests.Eventually(() => Directory.Exists(bundle.Plan.StateDirectory));
        }

        await RunTests.Eventually(() => !Processes.ChildrenOf(process).Any());
        Assert.Empty(bundle.Remains());
    }

    [Fact]
    public async Task An_order_of_a_daemon_that_is_gone_does_not_stand_in_the_next_ones_way()
    {
        await using var bundle = new MonitoredBundle("true");
        await bundle.WriteAsync();
        using var nursery = MonitorNursery.Start(RuntimePath);
        for (var i = 0; i < 10; i++)
        {
            HandCreate(nursery, bundle, gone: true).Dispose();
        }

        var (ours, theirs) = UnixSocket.Pair();
        using (theirs)
        {
            Assert.True(nursery.TryHand(theirs));
        }

        using var monitor = new ContainerMonitor(MonitorConnection.Of(ours), TimeProvider.System);
        await monitor.CreateAsync(bundle.Plan);
        await monitor.Created;
        await monitor.StartAsync(Cancellation);
        Assert.Equal(0, (await ExitOf(monitor)).ExitCode);
    }

    [Fact]
    public async Task A_nursery_that_was_killed_is_replaced()
    {
        await using var bundle = new MonitoredBundle("exit 3");
        bundle.Processes.Prepare();
        var nursery = await NurseryAsync();
        using var first = await bundle.StartAsync();
        Assert.Equal(3, (await ExitOf(first)).ExitCode);
        await RunTests.Eventually(() => !Processes.ChildrenOf(nursery).Any());
        Processes.Signal(nursery, 9);
        using var second = await bundle.StartAsync();
        Assert.Equal(3, (await ExitOf(second)).ExitCode);
        Assert.NotEqual(nursery, await NurseryAsync());
    }

    [Fact]
    public async Task A_monitor_collects_garbage_and_runs_many_execs_without_a_finalizer_thread()
    {
        await using var bundle = new MonitoredBundle("sleep 100");
        using var monitor = await bundle.StartAsync();
        for (var i = 0; i < 300; i++)
        {
            var request = new Berth.Monitor.ExecRequest
            {
                Id = $"exec{i}",
                Process = Process($"echo {i}; exit {i % 100}"),
                Stdout = true,
                Stderr = true,
            };
            using var stream = await monitor.ExecAsync(request, Cancellation);
            Assert.Equal($"{i}\n", (await ReadAllAsync(stream)).Stdout);
        }

        // Its idle moment, when it gives memory back.
        await Task.Delay(TimeSpan.FromMilliseconds(600), Cancellation);
        await monitor.SignalAsync(9, cancellationToken: Cancellation);
        Assert.Equal(137, (await ExitOf(monitor)).ExitCode);
    }

    /// <summary>The one nursery of this process. Each look at /proc is one of its own: what a look has shown may be gone at the next.</summary>
    private static async Task<int> NurseryAsync()
    {
        int[] found = [];
        await RunTests.Eventually(() => (found = Nurseries()).Length == 1);
        return found[0];
    }

    private static int[] Nurseries() => [.. Processes.ChildrenOf(Environment.ProcessId).Where(p => Processes.CommandOf(p).Contains("monitor", StringComparison.Ordinal))];

    /// <summary>Orders a monitor that finds a Create in its connection, whose other end is open or gone by then.</summary>
    private static FileDescriptor HandCreate(MonitorNursery nursery, MonitoredBundle bundle, bool gone = false)
    {
        var (ours, theirs) = UnixSocket.Pair();
        using (theirs)
        {
            Assert.Equal(Transfer.Done, DescriptorStream.Write(ours, MessageFrame.Of(new MonitorRequest { Action = MonitorAction.Create, Plan = bundle.Plan }), out _));
            if (gone)
            {
                ours.Dispose();
            }

            Assert.True(nursery.TryHand(theirs));
        }

        return ours;
    }
}
