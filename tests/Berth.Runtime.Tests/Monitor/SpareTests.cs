using static Berth.Runtime.Tests.Monitor.MonitoredBundle;

namespace Berth.Runtime.Tests.Monitor;

/// <summary>Alone, because it counts the monitors of this process.</summary>
[CollectionDefinition(nameof(SpareTests), DisableParallelization = true)]
[Collection(nameof(SpareTests))]
public sealed class SpareTests
{
    [Fact]
    public async Task A_spare_waits_after_each_start_and_ends_with_its_daemon()
    {
        await using var bundle = new MonitoredBundle("true");
        bundle.Processes.PrepareSpare();
        bundle.Processes.PrepareSpare();
        await RunTests.Eventually(() => Monitors() == 1);
        using var monitor = await bundle.StartAsync();
        Assert.Equal(0, (await ExitOf(monitor)).ExitCode);
        await RunTests.Eventually(() => Monitors() == 1);
        bundle.Processes.Dispose();
        await RunTests.Eventually(() => Monitors() == 0);
    }

    [Fact]
    public async Task A_spare_that_was_killed_is_not_used()
    {
        await using var bundle = new MonitoredBundle("exit 3");
        bundle.Processes.PrepareSpare();
        await RunTests.Eventually(() => Monitors() == 1);
        Processes.Signal(Processes.ChildrenOf(Environment.ProcessId).Single(IsMonitor), 9);
        using var monitor = await bundle.StartAsync();
        Assert.Equal(3, (await ExitOf(monitor)).ExitCode);
    }

    private static int Monitors() => Processes.ChildrenOf(Environment.ProcessId).Count(IsMonitor);

    private static bool IsMonitor(int pid) => Processes.CommandOf(pid).Contains("monitor", StringComparison.Ordinal);
}
