using System.Globalization;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Faults.Soak;

/// <summary>
/// Thousands of execs and runs over many containers at once, with the daemon killed between: nothing hangs, nothing is wrong, nothing
/// is lost, nothing is left. BERTH_SOAK_EXECS and BERTH_SOAK_RUNS set the numbers (20000 and 5000 for a night).
/// </summary>
public sealed class SoakTests
{
    private const int Workers = 8;
    private const int Sleepers = 8;

    /// <summary>More than a daemon with so many running containers needs, and less than one with connections that a client keeps.</summary>
    private const int QuietDescriptors = 80;

    private static readonly TimeSpan _longestLife = TimeSpan.FromSeconds(1.5);

    private readonly Random _random = new(11);

    private int _lost;

    [Fact]
    public async Task Nothing_hangs_nothing_is_wrong_and_nothing_is_left()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the end-to-end tests need root");
        Assert.SkipWhen(Daemon.IsDockerd, "dockerd takes its containers with it");
        var execs = Count("BERTH_SOAK_EXECS", 600);
        var runs = Count("BERTH_SOAK_RUNS", 150);
        var daemon = await Daemon.StartAsync();
        try
        {
            var soak = new SoakDaemon(daemon);
            var containers = await StartSleepersAsync(soak);

            using (var enough = new CancellationTokenSource())
            {
                var killing = soak.KillNowAndThenAsync(_random, _longestLife, enough.Token);
                try
                {
                    await WorkAsync(soak, containers, "k", execs / 2, runs / 2);
                }
                finally
                {
                    await enough.CancelAsync();
                    await killing;
                }
            }

            var kills = soak.Kills;
            await WorkAsync(soak, containers, "w", execs / 4, runs / 4);
            await SettledAsync(daemon);
            var before = DaemonSize.Of(daemon);
            await WorkAsync(soak, containers, "m", execs / 4, runs / 4);
            await SettledAsync(daemon);
            var after = await DaemonSize.AtRestAsync(daemon, before.MemoryKb + 8192);
            TestContext.Current.TestOutputHelper?.WriteLine($"{execs} execs, {runs} runs, {kills} kills, {_lost} answers lost by them; {before} became {after}");
            Assert.True(after.Descriptors <= before.Descriptors + 4, $"{before} became {after}");
            Assert.Equal(before.Threads, after.Threads, tolerance: 8);
            await CheckNothingLeftAsync(daemon);
        }
        catch (Exception e)
        {
            // Told here, because what it left behind may make the end fail, too.
            TestContext.Current.TestOutputHelper?.WriteLine($"{await RunningAsync(daemon)} {e}");
            throw;
        }
        finally
        {
            await daemon.DisposeAsync();
        }

        Assert.Empty(Leftovers.CgroupsOf(daemon.Bridge));
        Assert.Empty(Leftovers.SocketsBelow(daemon.Folder));
        Assert.DoesNotContain(daemon.Bridge, await Leftovers.LinksAsync());
    }

    private static int Count(string variable, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var count) ? count : usual;

    private static async Task<string[]> StartSleepersAsync(SoakDaemon soak)
    {
        var names = Enumerable.Range(0, Sleepers).Select(i => $"sleeper{i}").ToArray();
        foreach (var name in names)
        {
            (await soak.Daemon.Docker.RunAsync($"run -d --name {name} busybox sleep 100000")).Expect(0);
        }

        return names;
    }

    /// <summary>Spreads the work over all workers; each does an exec or a run, and now and then one of them by a command line.</summary>
    private async Task WorkAsync(SoakDaemon soak, string[] containers, string phase, int execs, int runs)
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < execs + runs;)
            {
                // Evenly mixed: the run's share of the work done so far is its share of all.
                var isRun = (long)(i + 1) * runs / (execs + runs) > (long)i * runs / (execs + runs);
                var container = containers[i % containers.Length];
                if (isRun)
                {
                    await new SoakRun(soak, string.Create(CultureInfo.InvariantCulture, $"{phase}{i}"), i).RunAsync();
                }
                else if (i % 40 is 1 or 2)
                {
                    await CountAsync(soak, await new SoakCommand(soak, i % 40 == 1 ? soak.Daemon.Docker : soak.Daemon.Berth, container, i / 40).RunAsync());
                }
                else
                {
                    await CountAsync(soak, await new SoakExec(soak, container, i).RunAsync());
                }
            }
        })));
    }

    private async Task CountAsync(SoakDaemon soak, bool answered)
    {
        if (!answered)
        {
            Interlocked.Increment(ref _lost);
            await soak.IsBackAsync();
        }
    }

    /// <summary>Only the sleepers are left: containers of clients that were cut off in the middle end by themselves and go away.</summary>
    private static async Task SettledAsync(Daemon daemon)
    {
        var patience = TimeSpan.FromSeconds(60);
        await Eventually.HoldsAsync("only the sleepers' cgroups and links are left", async () => await RunningAsync(daemon) is (Sleepers, Sleepers), patience);
        await Eventually.HoldsAsync("no connection is kept", () => DaemonSize.Of(daemon).Descriptors < QuietDescriptors, patience);
    }

    /// <summary>How many containers have cgroups, and how many links the bridge has.</summary>
    private static async Task<(int Cgroups, int Links)> RunningAsync(Daemon daemon) =>
        (Leftovers.CgroupsBelow(daemon.Bridge).Select(Path.GetFileName).Distinct().Count(), await Leftovers.PortsOfAsync(daemon.Bridge));

    private static async Task CheckNothingLeftAsync(Daemon daemon)
    {
        var made = (await daemon.Docker.RunAsync("ps -a --format {{.Names}}")).Expect(0).Lines;
        Assert.All(made, name => Assert.True(name.StartsWith("sleeper", StringComparison.Ordinal) || !IsOurs(name), $"container {name} is left"));
        foreach (var name in made.Where(name => name.StartsWith("sleeper", StringComparison.Ordinal)))
        {
            Assert.Equal("running 0 []", (await daemon.Docker.RunAsync("inspect", "-f", "{{.State.Status}} {{.RestartCount}} {{.ExecIDs}}", name)).Expect(0).Line);
        }

        (await daemon.Docker.RunAsync(["rm", "-f", .. made])).Expect(0);
        await Eventually.HoldsAsync("no cgroup is left", () => Leftovers.CgroupsBelow(daemon.Bridge).Count == 0);
        foreach (var folder in (string[])[Path.Combine(daemon.DataRoot, "containers"), Path.Combine(daemon.ExecRoot, "containers"), Path.Combine(daemon.ExecRoot, "networks"), Path.Combine(daemon.ExecRoot, "runtime")])
        {
            var left = Directory.GetFileSystemEntries(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 });
            Assert.True(left.Length == 0, $"left behind:\n{string.Join('\n', left.Select(path => $"{File.GetLastWriteTimeUtc(path):HH:mm:ss.fff} {path}"))}\nthe daemon's log ends with:\n{daemon.Log[^Math.Min(daemon.Log.Length, 4000)..]}");
        }

        Assert.Empty(Leftovers.MountsBelow(daemon.Folder));
        await Eventually.HoldsAsync("no link is left", async () => await Leftovers.PortsOfAsync(daemon.Bridge) == 0);
        Assert.Empty(Leftovers.SocketsBelow(daemon.ExecRoot));
    }

    private static bool IsOurs(string name) => name.Length > 1 && name[0] is 'k' or 'w' or 'm' && name[1..].All(char.IsAsciiDigit);
}
