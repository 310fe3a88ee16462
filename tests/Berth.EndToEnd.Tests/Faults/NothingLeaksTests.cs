using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Faults;

/// <summary>After the last container nothing of any is left, in the kernel, on disk or in the daemon.</summary>
public sealed class NothingLeaksTests
{
    private const int Runs = 1000;

    [Fact]
    public async Task A_thousand_runs_leave_nothing_and_the_daemon_as_it_was()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the end-to-end tests need root");
        Assert.SkipWhen(Daemon.IsDockerd, "what dockerd leaves is its own affair");
        var daemon = await Daemon.StartAsync();
        var bridge = daemon.Bridge;
        try
        {
            await RunManyAsync(daemon, 200); // Warm: pools and caches have their size.
            await SettledAsync(daemon);
            var before = DaemonSize.Of(daemon);
            await RunManyAsync(daemon, Runs);
            await SettledAsync(daemon);
            var after = await DaemonSize.AtRestAsync(daemon, before.MemoryKb + 8192);

            Assert.True(after.Descriptors <= before.Descriptors + 2, $"{before.Descriptors} descriptors became {after.Descriptors}");
            Assert.Equal(before.Threads, after.Threads, tolerance: 4);
            Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(daemon.DataRoot, "containers")));
            Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(daemon.ExecRoot, "containers")));
            Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(daemon.ExecRoot, "runtime")));
            Assert.Empty(Leftovers.MountsBelow(daemon.Folder));
            Assert.DoesNotContain("dnat to", (await Leftovers.RulesAsync()).Split($"berth-{bridge}")[1].Split("\ntable")[0], StringComparison.Ordinal);
        }
        finally
        {
            await daemon.DisposeAsync();
        }

        await NothingIsLeftAsync(daemon);
    }

    [Fact]
    public async Task A_daemon_that_is_not_there_any_more_is_cleared_up_after()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the end-to-end tests need root");
        Assert.SkipWhen(Daemon.IsDockerd, "what dockerd leaves is its own affair");
        var daemon = await Daemon.StartAsync();
        try
        {
            (await daemon.Docker.RunAsync($"run -d -p {Ports.Free()}:80 --restart always busybox sleep 1000")).Expect(0);
            (await daemon.Docker.RunAsync("run -d --log-driver none --network host --name paused busybox sleep 1000")).Expect(0);
            (await daemon.Docker.RunAsync("pause paused")).Expect(0);
            await daemon.KillAsync();
            Assert.Equal(4, Leftovers.ProcessesOf(daemon).Count);
            Assert.Single(await Leftovers.LinksAsync(daemon.Bridge));
        }
        finally
        {
            await daemon.DisposeAsync();
        }

        await NothingIsLeftAsync(daemon);
    }

    private static async Task NothingIsLeftAsync(Daemon daemon)
    {
        Assert.Empty(Leftovers.ProcessesOf(daemon.Folder));
        Assert.Empty(Leftovers.ProcessesOf(daemon));
        Assert.False(Directory.Exists(daemon.Folder));
        Assert.Empty(Leftovers.CgroupsOf(daemon.Bridge));
        Assert.DoesNotContain(daemon.Bridge, await Leftovers.RulesAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(daemon.Bridge, await Leftovers.LinksAsync());
    }

    private static async Task RunManyAsync(Daemon daemon, int count)
    {
        const int AtOnce = 4;
        var ports = Enumerable.Range(0, AtOnce).Select(_ => Ports.Free()).ToList();
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async lane =>
        {
            for (var i = lane; i < count; i += AtOnce)
            {
                var options = (i % 10) switch
                {
                    0 => $"--network none",
                    1 => $"-p {ports[lane]}:80",
                    2 => "--tmpfs /tmp -m 64m",
                    _ => "",
                };
                (await daemon.Berth.ScriptAsync($"run --rm {options} busybox", $"echo {i}; exit {i % 3}")).Expect(i % 3);
            }
        }));
    }

    /// <summary>The kernel takes namespaces and their links down after the last process ended; a spare monitor is made again.</summary>
    private static Task SettledAsync(Daemon daemon) =>
        Eventually.HoldsAsync("cgroups, links and monitors are gone", async () =>
            Leftovers.CgroupsBelow(daemon.Bridge).Count == 0
            && await Leftovers.PortsOfAsync(daemon.Bridge) == 0);
}
