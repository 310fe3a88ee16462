using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Faults;

/// <summary>berthd is killed with SIGKILL while containers run, write and end: on its return nothing is missing.</summary>
public sealed class KilledDaemonTests : IAsyncLifetime
{
    private Daemon? _daemon;

    private Daemon Daemon => _daemon!;

    private Client Docker => Daemon.Docker;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the end-to-end tests need root");
        Assert.SkipWhen(Daemon.IsDockerd, "dockerd takes its containers with it");
        _daemon = await Daemon.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }
    }

    [Fact]
    public async Task Running_containers_go_on_and_can_be_used_again()
    {
        (await Docker.RunAsync("run", "-d", "-i", "--name", "steady", "busybox", "sh", "-c", "i=0; while [ $i -lt 100 ]; do echo line $i; i=$((i+1)); sleep 0.02; done; read x; echo got $x; exit 6")).Expect(0);
        var pid = (await Docker.RunAsync("inspect -f {{.State.Pid}} steady")).Expect(0).Line;
        await Daemon.KillAsync();
        Assert.True(Directory.Exists($"/proc/{pid}"), "the container ended with the daemon");
        await Daemon.StartProcessAsync();
        Assert.Equal("running " + pid, (await Docker.RunAsync("inspect", "-f", "{{.State.Status}} {{.State.Pid}}", "steady")).Expect(0).Line);
        Assert.Equal("5", (await Docker.ScriptAsync("exec steady", "exit 5")).ExitCode.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await Eventually.HoldsAsync("all lines are there", async () => (await Docker.RunAsync("logs steady")).Lines.Count >= 100);
        var attach = await Docker.InputAsync("attach steady", "word\n"u8.ToArray());
        Assert.EndsWith("got word\n", attach.Output, StringComparison.Ordinal);
        attach.Expect(6);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"line {i}").Append("got word"), (await Docker.RunAsync("logs steady")).Lines);
    }

    [Fact]
    public async Task What_ended_meanwhile_is_known_with_its_code_and_its_log()
    {
        (await Docker.RunAsync("run", "-d", "--name", "ends", "busybox", "sh", "-c", "sleep 1; echo last words; exit 33")).Expect(0);
        (await Docker.RunAsync("run", "-d", "--rm", "--name", "goes", "busybox", "sh", "-c", "sleep 1; exit 34")).Expect(0);
        await Daemon.KillAsync();
        await Eventually.HoldsAsync("both ended", () => Leftovers.ProcessesOf(Daemon.ExecRoot).Count == 0 && Leftovers.CgroupsBelow(Daemon.Bridge).Count == 0);
        await Daemon.StartProcessAsync();
        Assert.Equal("33", (await Docker.RunAsync("wait ends")).Expect(0).Line);
        Assert.Equal("exited 33", (await Docker.RunAsync("inspect", "-f", "{{.State.Status}} {{.State.ExitCode}}", "ends")).Expect(0).Line);
        Assert.Equal("last words", (await Docker.RunAsync("logs ends")).Line);
        await Eventually.HoldsAsync("the container with --rm is gone", async () => (await Docker.RunAsync("inspect goes")).ExitCode == 1);
        await Eventually.HoldsAsync("their ends are told of", async () =>
            (await Docker.RunAsync("events", "--since", "1h", "--until", "0s", "-f", "event=die", "--format", "{{.Actor.Attributes.name}} {{.Actor.Attributes.exitCode}}"))
            .Expect(0).Lines.Order(StringComparer.Ordinal).SequenceEqual(["ends 33", "goes 34"]));
    }

    [Fact]
    public async Task A_published_port_answers_all_the_time()
    {
        var port = Ports.Free();
        (await Docker.RunAsync("run", "-d", "--name", "web", "-p", $"{port}:80", "busybox", "sh", "-c", "echo up > /var/www/index.html; exec httpd -f -p 80 -h /var/www")).Expect(0);
        using var http = new HttpClient { Timeout = Shell.Limit };
        var url = $"http://127.0.0.1:{port}/";
        await Eventually.HoldsAsync("the web server is up", async () =>
        {
            try
            {
                return await http.GetStringAsync(url) == "up\n";
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        await Daemon.KillAsync();
        Assert.Equal("up\n", await http.GetStringAsync(url));
        var restart = Daemon.StartProcessAsync();
        while (!restart.IsCompleted)
        {
            Assert.Equal("up\n", await http.GetStringAsync(url));
        }

        await restart;
        Assert.Equal("up\n", await http.GetStringAsync(url));
        (await Docker.RunAsync($"run --name second -p {port}:80 busybox true")).Expect(125);
        (await Docker.RunAsync("rm -f web second")).Expect(0);
        (await Docker.RunAsync($"run --rm -p {port}:80 busybox true")).Expect(0);
    }

    [Fact]
    public async Task A_graceful_stop_leaves_containers_running_too()
    {
        (await Docker.RunAsync("run -d --name calm busybox sleep 1000")).Expect(0);
        await Daemon.TerminateAsync();
        Assert.False(File.Exists(Daemon.Socket), "the socket stayed");
        await Daemon.StartProcessAsync();
        Assert.Equal("running", (await Docker.RunAsync("inspect -f {{.State.Status}} calm")).Expect(0).Line);
    }

    [Fact]
    public async Task Killed_at_random_moments_of_many_runs_it_loses_no_container_and_no_code()
    {
        var random = new Random(7);
        for (var round = 0; round < 8; round++)
        {
            var runs = Enumerable.Range(0, 4).Select(i => Docker.ScriptAsync($"run -d --name r{round}-{i} busybox", $"sleep 0.{random.Next(1, 4)}; echo done {i}; exit {10 + i}")).ToList();
            await Task.Delay(random.Next(10, 250));
            await Daemon.KillAsync();
            await Daemon.StartProcessAsync();
            await Task.WhenAll(runs);
            for (var i = 0; i < 4; i++)
            {
                if ((await runs[i]).ExitCode != 0)
                {
                    continue; // Its client was told that it failed.
                }

                Assert.Equal((10 + i).ToString(System.Globalization.CultureInfo.InvariantCulture), (await Docker.RunAsync($"wait r{round}-{i}")).Expect(0).Line);
                Assert.Equal($"done {i}", (await Docker.RunAsync($"logs r{round}-{i}")).Line);
            }
        }

        // On a slow machine every kill may have come before there was a container.
        (await Docker.RunAsync("run -d --name last busybox true")).Expect(0);
        var all = (await Docker.RunAsync("ps -aq")).Lines;
        (await Docker.RunAsync(["rm", "-f", .. all])).Expect(0);
        Assert.Empty(Leftovers.MountsBelow(Daemon.Folder));
        await Eventually.HoldsAsync("no cgroup is left", () => Leftovers.CgroupsBelow(Daemon.Bridge).Count == 0);
    }

    [Fact]
    public async Task A_killed_monitor_ends_its_container_and_the_daemon_says_so()
    {
        (await Docker.RunAsync("run -d --name orphan busybox sleep 1000")).Expect(0);
        var pid = (await Docker.RunAsync("inspect -f {{.State.Pid}} orphan")).Line;
        var monitor = (await File.ReadAllLinesAsync($"/proc/{pid}/status")).Single(line => line.StartsWith("PPid:", StringComparison.Ordinal))[5..].Trim();
        (await Shell.RunAsync("kill", ["-9", monitor])).Expect(0);
        Assert.Equal("137", (await Docker.RunAsync("wait orphan")).Expect(0).Line);
        await Eventually.HoldsAsync("its process is gone", () => !Directory.Exists($"/proc/{pid}"));
        (await Docker.RunAsync("start orphan")).Expect(0);
        (await Docker.RunAsync("rm -f orphan")).Expect(0);
    }
}
