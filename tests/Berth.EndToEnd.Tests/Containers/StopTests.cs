using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Containers;

/// <summary>How long a stop takes, and what it leaves.</summary>
public sealed class StopTests(SharedDaemon shared) : EndToEndTest(shared)
{
    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_first_process_that_has_said_nothing_about_the_signal_is_not_waited_for(string client)
    {
        Assert.SkipWhen(Daemon.IsDockerd, "Docker waits");
        var name = NewName();
        (await Docker.ScriptAsync($"run -d --name {name} busybox", "sleep 1000; true")).Expect(0);
        await Eventually.HoldsAsync("it has come to its sleep", async () => (await Docker.RunAsync($"exec {name} ps")).Output.Contains("sleep", StringComparison.Ordinal));
        var before = TimeProvider.System.GetTimestamp();
        (await Client(client).RunAsync($"stop {name}")).Expect(0);
        Assert.InRange(TimeProvider.System.GetElapsedTime(before).TotalSeconds, 0, 9);
        Assert.Equal(137, (int)(await InspectAsync(name))["State"]!["ExitCode"]!);
    }

    [Theory]
    [InlineData("", "stop -t 60", "sleep 2; echo saved")]
    [InlineData("--stop-timeout 60", "stop", "sleep 2; echo saved")]
    [InlineData("", "stop -t -1", "sleep 2; echo saved")]
    [InlineData("", "stop", "trap '' TERM; sleep 2; echo saved")]
    [InlineData("", "restart -t 60", "test -e /again && exec sleep 1000; touch /again; sleep 2; echo saved")]
    public async Task A_time_that_was_given_and_a_signal_that_is_ignored_on_purpose_are_waited_for(string options, string stop, string script)
    {
        foreach (var client in SharedDaemon.ClientNames.Select(row => row.Data))
        {
            var name = NewName();
            (await Client(client).ScriptAsync($"run -d --name {name} {options} busybox", script)).Expect(0);
            await Eventually.HoldsAsync("it has come to its sleep", async () => (await Docker.RunAsync($"exec {name} ps")).Output.Contains("sleep", StringComparison.Ordinal));
            (await Client(client).RunAsync($"{stop} {name}")).Expect(0);
            Assert.Equal("saved", (await Docker.RunAsync($"logs {name}")).Expect(0).Line);
        }
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Several_stops_take_as_long_as_the_longest(string client)
    {
        string[] names = [NewName(), NewName(), NewName(), NewName()];
        foreach (var name in names)
        {
            (await Docker.ScriptAsync($"run -d --name {name} busybox", "trap 'sleep 2; exit 5' TERM; echo ready; while :; do sleep 0.05; done")).Expect(0);
            await Eventually.HoldsAsync("it is ready", async () => (await Docker.RunAsync($"logs {name}")).Line == "ready");
        }

        var before = TimeProvider.System.GetTimestamp();
        Assert.Equal(names, (await Client(client).RunAsync(["stop", .. names])).Expect(0).Lines);
        Assert.InRange(TimeProvider.System.GetElapsedTime(before).TotalSeconds, 1.9, 9);
        Assert.Equal(5, (int)(await InspectAsync(names[3]))["State"]!["ExitCode"]!);
    }

    [Fact]
    public async Task A_paused_container_takes_the_signal()
    {
        var name = NewName();
        (await Docker.ScriptAsync($"run -d --name {name} busybox", "trap 'exit 5' TERM; echo ready; while :; do sleep 0.05; done")).Expect(0);
        await Eventually.HoldsAsync("it is ready", async () => (await Docker.RunAsync($"logs {name}")).Line == "ready");
        (await Docker.RunAsync($"pause {name}")).Expect(0);
        (await Docker.RunAsync($"stop {name}")).Expect(0);
        Assert.Equal(5, (int)(await InspectAsync(name))["State"]!["ExitCode"]!);
    }

    [Fact]
    public async Task The_containers_own_signal_and_timeout_are_honoured()
    {
        var name = NewName();
        (await Docker.ScriptAsync(
            $"run -d --name {name} --stop-signal USR1 --stop-timeout 1 busybox", "trap 'echo usr1' USR1; echo ready; while :; do sleep 0.05; done")).Expect(0);
        await Eventually.HoldsAsync("it is ready", async () => (await Docker.RunAsync($"logs {name}")).Line == "ready");
        var before = TimeProvider.System.GetTimestamp();
        (await Docker.RunAsync($"stop {name}")).Expect(0);
        Assert.InRange(TimeProvider.System.GetElapsedTime(before).TotalSeconds, 0.9, 9);
        Assert.Equal(["ready", "usr1"], (await Docker.RunAsync($"logs {name}")).Lines);
        Assert.Equal(137, (int)(await InspectAsync(name))["State"]!["ExitCode"]!);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task The_images_signal_is_honoured_and_the_containers_own_comes_first(string client)
    {
        var image = NewName();
        using (var archive = await ImageArchives.OfLayersAsync(
            $"{image}:latest", [await File.ReadAllBytesAsync(await Busybox.TarAsync())], """{"Cmd":["sh"],"Env":["PATH=/bin"],"StopSignal":"SIGUSR1"}"""))
        {
            (await Docker.RunAsync("load", "-i", archive.Path)).Expect(0);
        }

        var (images, own) = (NewName(), NewName());
        const string Script = "trap 'exit 5' USR1; trap 'exit 6' USR2; echo ready; while :; do sleep 0.05; done";
        foreach (var (name, options, code) in ((string, string, int)[])[(images, "", 5), (own, "--stop-signal USR2", 6)])
        {
            (await Client(client).ScriptAsync($"run -d --name {name} {options} {image}", Script)).Expect(0);
            await Eventually.HoldsAsync("it is ready", async () => (await Docker.RunAsync($"logs {name}")).Line == "ready");
            (await Client(client).RunAsync($"stop -t 30 {name}")).Expect(0);
            Assert.Equal(code, (int)(await InspectAsync(name))["State"]!["ExitCode"]!);
        }

        (await Docker.RunAsync($"rm {images} {own}")).Expect(0);
        (await Docker.RunAsync($"rmi {image}")).Expect(0);
    }

    [Fact]
    public async Task A_restart_without_an_end_holds_no_removal_up_and_ends_with_its_client()
    {
        var name = NewName();
        (await Docker.ScriptAsync($"run -d --name {name} busybox", "trap 'echo no' TERM; echo ready; while :; do sleep 0.05; done")).Expect(0);
        await Eventually.HoldsAsync("it is ready", async () => (await Docker.RunAsync($"logs {name}")).Line == "ready");
        using (var givenUp = new CancellationTokenSource())
        {
            var restart = Daemon.Http.PostAsync($"containers/{name}/restart?t=-1", null, givenUp.Token);
            await Eventually.HoldsAsync("it got the signal", async () => (await Docker.RunAsync($"logs {name}")).Output.Contains("no", StringComparison.Ordinal));
            await givenUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => restart);
        }

        (await Docker.RunAsync($"rename {name} {name}-new")).Expect(0);
        (await Docker.RunAsync($"rename {name}-new {name}")).Expect(0);
        var second = Daemon.Http.PostAsync($"containers/{name}/restart?t=-1", null);
        await Eventually.HoldsAsync("it got the signal again", async () => (await Docker.RunAsync($"logs {name}")).Lines.Count(line => line == "no") == 2);
        (await Docker.RunAsync($"rm -f {name}")).Expect(0);
        using var answer = await second;
        Assert.Contains("No such container", (await Docker.RunAsync($"inspect --type container {name}")).Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_of_a_stopped_container_and_start_of_a_running_one_are_304()
    {
        var name = await RunSleeperAsync();
        using (var start = await Daemon.Http.PostAsync($"containers/{name}/start", null))
        {
            Assert.Equal(304, (int)start.StatusCode);
            Assert.Equal("", await start.Content.ReadAsStringAsync());
        }

        (await Docker.RunAsync($"kill {name}")).Expect(0);
        using var stop = await Daemon.Http.PostAsync($"containers/{name}/stop", null);
        Assert.Equal(304, (int)stop.StatusCode);
    }
}
