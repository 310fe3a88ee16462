using System.Text.RegularExpressions;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Containers;

/// <summary>create, start, stop, kill, wait, restart, rm: the states of a container and how each is left.</summary>
public sealed class LifeTests(SharedDaemon shared) : EndToEndTest(shared)
{
    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Create_start_attached_and_wait_agree_on_the_exit_code(string client)
    {
        var name = NewName();
        (await Client(client).ScriptAsync($"create -i --name {name} busybox", "read x; echo got $x; exit 7")).Expect(0);
        Assert.Equal("created", (string?)(await InspectAsync(name))["State"]!["Status"]);
        var start = (await Client(client).InputAsync($"start -a -i {name}", "word\n"u8.ToArray())).Expect(7);
        Assert.Equal("got word", start.Line);
        Assert.Equal("7", (await Client(client).RunAsync($"wait {name}")).Expect(0).Line);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Stop_sends_the_stop_signal_first(string client)
    {
        var name = NewName();
        (await Docker.RunAsync("run", "-d", "--name", name, "busybox", "sh", "-c", "trap 'echo bye; exit 3' TERM; while :; do sleep 0.1; done")).Expect(0);
        Assert.Equal(name, (await Client(client).RunAsync($"stop {name}")).Expect(0).Line);
        var state = (await InspectAsync(name))["State"]!;
        Assert.Equal("exited", (string?)state["Status"]);
        Assert.Equal(3, (int)state["ExitCode"]!);
        Assert.Equal("bye", (await Docker.RunAsync($"logs {name}")).Line);
    }

    [Fact]
    public async Task Stop_kills_what_does_not_listen_after_the_timeout()
    {
        var name = NewName();
        (await Docker.RunAsync("run", "-d", "--name", name, "busybox", "sh", "-c", "trap 'echo no' TERM; while :; do sleep 0.1; done")).Expect(0);
        var before = TimeProvider.System.GetTimestamp();
        (await Docker.RunAsync($"stop -t 1 {name}")).Expect(0);
        Assert.InRange(TimeProvider.System.GetElapsedTime(before).TotalSeconds, 0.9, 8);
        Assert.Equal(137, (int)(await InspectAsync(name))["State"]!["ExitCode"]!);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Kill_sends_any_signal_and_returns_when_the_state_shows_it(string client)
    {
        var name = await RunSleeperAsync();
        (await Client(client).RunAsync($"kill {name}")).Expect(0);
        var state = (await InspectAsync(name))["State"]!;
        Assert.Equal("exited", (string?)state["Status"]);
        Assert.Equal(137, (int)state["ExitCode"]!);
        var again = (await Client(client).RunAsync($"kill {name}")).Expect(1);
        Assert.Contains("is not running", again.Error);
    }

    [Fact]
    public async Task A_signal_reaches_a_handler_of_the_first_process()
    {
        var name = NewName();
        (await Docker.RunAsync("run", "-d", "--name", name, "busybox", "sh", "-c", "trap 'echo hup' HUP; echo ready; while :; do sleep 0.1; done")).Expect(0);
        await Eventually.HoldsAsync("the handler is set", async () => (await Docker.RunAsync($"logs {name}")).Output.Contains("ready"));
        (await Docker.RunAsync($"kill -s HUP {name}")).Expect(0);
        await Eventually.HoldsAsync("the signal came", async () => (await Docker.RunAsync($"logs {name}")).Output.Contains("hup"));
        Assert.Equal("running", (string?)(await InspectAsync(name))["State"]!["Status"]);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_running_container_is_removed_only_by_force(string client)
    {
        var name = await RunSleeperAsync();
        var refused = (await Client(client).RunAsync($"rm {name}")).Expect(1);
        Assert.Contains("container is running: stop the container before removing or force remove", refused.Error.Replace("You cannot remove a running container", "container is running: stop the container before removing or force remove"));
        Assert.Equal(name, (await Client(client).RunAsync($"rm -f {name}")).Expect(0).Line);
        Assert.Contains("No such", (await Docker.RunAsync($"inspect {name}")).Expect(1).Error);
    }

    [Fact]
    public async Task Restart_starts_it_anew_with_its_layer()
    {
        var name = NewName();
        (await Docker.RunAsync("run", "-d", "--name", name, "busybox", "sh", "-c", "echo x >> /count; exec sleep 1000")).Expect(0);
        var started = (string?)(await InspectAsync(name))["State"]!["StartedAt"];
        (await Docker.RunAsync($"restart -t 0 {name}")).Expect(0);
        Assert.NotEqual(started, (string?)(await InspectAsync(name))["State"]!["StartedAt"]);
        await Eventually.HoldsAsync("the command ran again", async () => (await Docker.RunAsync($"exec {name} cat /count")).Lines.Count == 2);
    }

    [Fact]
    public async Task Start_of_a_running_and_stop_of_a_stopped_container_change_nothing()
    {
        var name = await RunSleeperAsync();
        using var start = await Daemon.Http.PostAsync($"containers/{name}/start", null);
        Assert.Equal(304, (int)start.StatusCode);
        (await Docker.RunAsync($"kill {name}")).Expect(0);
        using var stop = await Daemon.Http.PostAsync($"containers/{name}/stop", null);
        Assert.Equal(304, (int)stop.StatusCode);
        Assert.Equal("", await stop.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Orphans_are_reaped_with_init()
    {
        var name = NewName();
        (await Docker.RunAsync("run", "-d", "--init", "--name", name, "busybox", "sh", "-c", "for i in 1 2 3; do (sleep 0.1 &); done; exec sleep 1000")).Expect(0);
        await Eventually.HoldsAsync("no zombie is left", async () =>
            (await Docker.RunAsync("exec", name, "sh", "-c", "grep -l '^State:.Z' /proc/[0-9]*/status 2>/dev/null | wc -l")).Line == "0");
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_restarting_container_is_removed_only_by_force(string client)
    {
        var name = NewName();
        (await Docker.RunAsync($"run -d --name {name} --restart always busybox false")).Expect(0);

        // Each back-off is twice as long as the one before: it is met in one sooner or later.
        var refusal = new Regex("(container is restarting: s|S)top the container before (removing or force remove|attempting removal or force remove)");
        await Eventually.HoldsAsync("it is refused as one that is restarting", async () =>
            refusal.IsMatch((await Client(client).RunAsync($"rm {name}")).Expect(1).Error));
        (await Client(client).RunAsync($"rm -f {name}")).Expect(0);
        Assert.Contains("No such container", (await Docker.RunAsync($"inspect --type container {name}")).Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_policy_counts_its_restarts_and_keeps_the_layer()
    {
        var name = NewName();
        (await Docker.ScriptAsync($"run -d --name {name} --restart on-failure:2 busybox", "echo run >> /runs; wc -l < /runs; exit 3")).Expect(0);
        await Eventually.HoldsAsync("it has given up", async () => (string?)(await InspectAsync(name))["State"]!["Status"] == "exited");
        var inspect = await InspectAsync(name);
        Assert.Equal((2, 3), ((int)inspect["RestartCount"]!, (int)inspect["State"]!["ExitCode"]!));
        Assert.Equal(["1", "2", "3"], (await Docker.RunAsync($"logs {name}")).Lines);
    }

    [Theory]
    [InlineData("next-exit")]
    [InlineData("removed")]
    public async Task A_wait_may_begin_before_the_start_and_one_that_is_given_up_disturbs_nobody(string condition)
    {
        var name = NewName();
        (await Docker.ScriptAsync($"create -i --rm --name {name} busybox", "read x; exit 9")).Expect(0);
        await using var wait = await RawCall.SendAsync(Daemon, $"POST /containers/{name}/wait?condition={condition}");
        await using (var other = await RawCall.SendAsync(Daemon, $"POST /containers/{name}/wait?condition={condition}"))
        {
            Assert.StartsWith("HTTP/1.1 200", other.Head, StringComparison.Ordinal);
        }

        (await Docker.RunAsync($"start {name}")).Expect(0);
        await using (await RawCall.SendAsync(Daemon, $"POST /containers/{name}/attach?stream=1&stdout=1"))
        {
        }

        Assert.Equal("running", (string?)(await InspectAsync(name))["State"]!["Status"]);
        (await Docker.InputAsync($"attach {name}", "\n"u8.ToArray())).Expect(9);
        Assert.Contains("\"StatusCode\":9", await wait.ReadChunkAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ps_shows_what_runs_and_with_a_what_ended()
    {
        var running = await RunSleeperAsync();
        var ended = NewName();
        (await Docker.RunAsync($"run --name {ended} busybox true")).Expect(0);
        var names = (await Docker.RunAsync("ps --format {{.Names}}")).Lines;
        Assert.Contains(running, names);
        Assert.DoesNotContain(ended, names);
        Assert.Contains(ended, (await Docker.RunAsync("ps -a --format {{.Names}}")).Lines);
        Assert.StartsWith("Exited (0)", (await Docker.RunAsync($"ps -a --filter name={ended} --format {{{{.Status}}}}")).Line);
    }
}
