using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Containers;

public sealed class HealthTests(SharedDaemon shared) : EndToEndTest(shared)
{
    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Healthy_and_unhealthy_show_in_ps_inspect_and_events(string client)
    {
        var name = NewName();
        var since = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        (await Client(client).RunAsync(
            "run", "-d", "--name", name, "--health-cmd", "cat /tmp/ok", "--health-interval", "800ms", "--health-retries", "2",
            "busybox", "sh", "-c", "echo fine >/tmp/ok; sleep 1000")).Expect(0);
        Assert.Contains("(health: starting)", (await Client(client).RunAsync($"ps --filter name={name} --format {{{{.Status}}}}")).Line, StringComparison.Ordinal);
        await HasStatusAsync(name, "healthy");
        Assert.Contains("(healthy)", (await Client(client).RunAsync($"ps --filter name={name} --filter health=healthy --format {{{{.Status}}}}")).Line, StringComparison.Ordinal);
        await Eventually.HoldsAsync("it was checked often", async () => (await HealthAsync(name))["Log"]!.AsArray().Count == 5);
        var last = (await HealthAsync(name))["Log"]![4]!;
        Assert.Equal("fine\n", (string?)last["Output"]);
        Assert.Equal(0, (int)last["ExitCode"]!);

        (await Docker.RunAsync($"exec {name} rm /tmp/ok")).Expect(0);
        await HasStatusAsync(name, "unhealthy");
        Assert.True((int)(await HealthAsync(name))["FailingStreak"]! >= 2);
        Assert.Equal(5, (await HealthAsync(name))["Log"]!.AsArray().Count);
        Assert.Contains("(unhealthy)", (await Client(client).RunAsync($"ps --filter health=unhealthy --filter name={name} --format {{{{.Status}}}}")).Line, StringComparison.Ordinal);
        var until = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 1;
        var events = await Daemon.Http.GetStringAsync(
            $"events?since={since}&until={until}&filters={Uri.EscapeDataString($$"""{"container":["{{name}}"],"event":["health_status"]}""")}");
        Assert.Equal(
            ["health_status: healthy", "health_status: unhealthy"],
            events.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (string?)JsonNode.Parse(line)!["Action"]));
    }

    [Fact]
    public async Task A_check_that_takes_too_long_is_killed_with_what_it_started()
    {
        var name = NewName();
        (await Docker.RunAsync(
            "run", "-d", "--name", name, "--health-cmd", "test -e /once && exit 0; touch /once; sleep 6543 & sleep 6544; true",
            "--health-interval", "50ms", "--health-timeout", "200ms", "busybox", "sleep", "1000")).Expect(0);
        await HasStatusAsync(name, "healthy");
        var check = (await HealthAsync(name))["Log"]![0]!;
        Assert.Equal(-1, (int)check["ExitCode"]!);
        Assert.StartsWith("Health check exceeded timeout (200ms)", (string?)check["Output"], StringComparison.Ordinal);
        Assert.DoesNotContain("sleep 654", (await Docker.RunAsync($"exec {name} ps")).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failures_in_the_start_period_are_no_failures()
    {
        var name = NewName();
        (await Docker.RunAsync(
            "run", "-d", "--name", name, "--health-cmd", "test -e /ready", "--health-interval", "1h", "--health-start-interval", "50ms",
            "--health-start-period", "1m", "--health-retries", "1", "busybox", "sleep", "1000")).Expect(0);
        await Eventually.HoldsAsync("it was checked often", async () => (await HealthAsync(name))["Log"]?.AsArray().Count == 5);
        var health = await HealthAsync(name);
        Assert.Equal("starting", (string?)health["Status"]);
        Assert.Equal(0, (int)health["FailingStreak"]!);
        (await Docker.RunAsync($"exec {name} touch /ready")).Expect(0);
        await HasStatusAsync(name, "healthy");
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task The_images_check_is_inherited_and_can_be_turned_off(string client)
    {
        var image = NewName();
        (await Docker.RunAsync(
            "import", "-c", "HEALTHCHECK CMD [\"echo\", \"from the image\"]", await Busybox.TarAsync(), $"{image}:latest")).Expect(0);
        var (inherited, off) = (NewName(), NewName());
        (await Client(client).RunAsync($"run -d --name {inherited} --health-interval 50ms {image} sleep 1000")).Expect(0);
        (await Client(client).RunAsync($"run -d --name {off} --no-healthcheck {image} sleep 1000")).Expect(0);
        await HasStatusAsync(inherited, "healthy");
        Assert.Equal("from the image\n", (string?)(await HealthAsync(inherited))["Log"]![0]!["Output"]);
        var inspect = await InspectAsync(off);
        Assert.Null(inspect["State"]!["Health"]);
        Assert.Equal("""{"Test":["NONE"]}""", inspect["Config"]!["Healthcheck"]!.ToJsonString());
        (await Docker.RunAsync($"rm -f {inherited} {off}")).Expect(0);
        (await Docker.RunAsync($"rmi {image}")).Expect(0);
    }

    [Fact]
    public async Task A_stopped_container_is_unhealthy_and_a_started_one_starts_anew()
    {
        var name = await RunSleeperAsync("--health-cmd true --health-interval 50ms --stop-timeout 0");
        await HasStatusAsync(name, "healthy");
        (await Docker.RunAsync($"stop {name}")).Expect(0);
        Assert.Equal("unhealthy", (string?)(await HealthAsync(name))["Status"]);
        (await Docker.RunAsync($"start {name}")).Expect(0);
        await HasStatusAsync(name, "healthy");
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task On_unhealthy_restarts_what_is_unhealthy(string client)
    {
        Assert.SkipWhen(Daemon.IsDockerd, "Docker has no such policy");
        var name = NewName();
        (await Client(client).RunAsync(
            "run", "-d", "--name", name, "--restart", "on-unhealthy:2", "--health-cmd", "test ! -e /bad", "--health-interval", "100ms",
            "--health-retries", "1", "--stop-timeout", "0", "busybox", "sleep", "1000")).Expect(0);
        await HasStatusAsync(name, "healthy");
        (await Docker.RunAsync($"exec {name} touch /bad")).Expect(0);
        await Eventually.HoldsAsync("it was restarted as often as allowed, and runs on", async () =>
        {
            var inspect = await InspectAsync(name);
            return (int)inspect["RestartCount"]! == 2
                && (string?)inspect["State"]!["Health"]!["Status"] == "unhealthy"
                && (string?)inspect["State"]!["Status"] == "running";
        });
    }

    [Fact]
    public async Task Checks_go_on_after_the_daemon_was_killed()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "dockerd ends its containers");
        await using var daemon = await Daemon.StartAsync();
        (await daemon.Docker.RunAsync(
            "run", "-d", "--name", "hh", "--health-cmd", "test ! -e /bad", "--health-interval", "100ms", "--health-retries", "1",
            "busybox", "sleep", "1000")).Expect(0);
        await Eventually.HoldsAsync("it is healthy", () => IsAsync("healthy"));

        // It is told after it was recorded, and only what was recorded outlives the daemon.
        await Eventually.HoldsAsync("it is told", async () =>
            (await daemon.Docker.RunAsync("events --since 0 --until 0s --filter event=health_status")).Expect(0).Lines.Any(l => l.Contains("health_status: healthy", StringComparison.Ordinal)));
        await daemon.KillAsync();
        await daemon.StartProcessAsync();
        Assert.True(await IsAsync("healthy"));
        (await daemon.Docker.RunAsync("exec hh touch /bad")).Expect(0);
        await Eventually.HoldsAsync("it is unhealthy", () => IsAsync("unhealthy"));

        async Task<bool> IsAsync(string status) =>
            (await daemon.Docker.RunAsync("inspect -f {{.State.Health.Status}} hh")).Expect(0).Line == status;
    }

    [Theory]
    [InlineData("""{"Test":["CMD","true"],"Interval":1000}""")]
    [InlineData("""{"Test":["CMD","true"],"Timeout":-5}""")]
    [InlineData("""{"Test":["CMD","true"],"Retries":-1}""")]
    public async Task A_check_that_cannot_be_is_refused(string health)
    {
        using var body = new StringContent($$"""{"Image":"busybox","Cmd":["true"],"Healthcheck":{{health}}}""", System.Text.Encoding.UTF8, "application/json");
        using var answer = await Daemon.Http.PostAsync("containers/create", body);
        Assert.Equal(400, (int)answer.StatusCode);
    }

    private async Task<JsonNode> HealthAsync(string name) => (await InspectAsync(name))["State"]!["Health"]!;

    private Task HasStatusAsync(string name, string status) =>
        Eventually.HoldsAsync($"it is {status}", async () => (string?)(await HealthAsync(name))["Status"] == status);
}
