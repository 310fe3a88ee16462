using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Containers;

/// <summary>What users do while a restart policy waits for its next try (issue 9).</summary>
public sealed class RestartPolicyTests(SharedDaemon shared) : EndToEndTest(shared)
{
    private EngineApi Api => new(Daemon.Http);

    [Fact]
    public async Task A_container_that_was_stopped_while_it_waited_can_be_started_again_and_again()
    {
        var name = NewName();
        (await Docker.RunAsync($"run -d --name {name} --restart always busybox false")).Expect(0);
        for (var i = 0; i < 3; i++)
        {
            await WaitsForRestartAsync(name);
            (await Api.PostAsync($"containers/{name}/start")).Expect(304);
            (await Api.PostAsync($"containers/{name}/stop")).Expect(204);
            Assert.Equal("exited", await StatusAsync(name));
            (await Api.PostAsync($"containers/{name}/stop")).Expect(304);
            (await Api.PostAsync($"containers/{name}/start")).Expect(204);
        }
    }

    [Fact]
    public async Task A_kill_or_a_restart_ends_the_wait()
    {
        var name = NewName();
        (await Docker.RunAsync($"run -d --name {name} --restart always busybox false")).Expect(0);
        await WaitsForRestartAsync(name);
        (await Api.PostAsync($"containers/{name}/kill?signal=HUP")).Expect(204);
        Assert.Equal("exited", await StatusAsync(name));
        var refused = (await Api.PostAsync($"containers/{name}/kill")).Expect(409);
        Assert.Matches($"^cannot kill container: {name}: container [0-9a-f]{{64}} is not running$", (string)refused.Json["message"]!);
        (await Api.PostAsync($"containers/{name}/start")).Expect(204);
        await WaitsForRestartAsync(name);
        (await Api.PostAsync($"containers/{name}/restart")).Expect(204);
        Assert.Equal(0, (int)(await InspectAsync(name))["RestartCount"]!);
    }

    [Fact]
    public async Task A_stop_that_meets_a_restart_by_policy_is_not_lost()
    {
        var name = NewName();
        (await Docker.RunAsync($"create --name {name} --restart always busybox false")).Expect(0);
        for (var i = 0; i < 40; i++)
        {
            // The first try comes after 100 ms.
            (await Api.PostAsync($"containers/{name}/start")).Expect(204);
            await Eventually.HoldsAsync("it waits", async () => await StatusAsync(name) == "restarting");
            await Task.Delay(60 + (2 * i));
            (await Api.PostAsync($"containers/{name}/stop")).Expect(204);
            Assert.Equal("exited", await StatusAsync(name));
        }
    }

    [Fact]
    public async Task A_wait_ends_at_each_end_also_where_a_policy_starts_it_again()
    {
        var name = NewName();
        (await Docker.ScriptAsync($"run -d --name {name} --restart always busybox", "sleep 1; exit 3")).Expect(0);
        Assert.Equal("3", (await Docker.RunAsync($"wait {name}")).Expect(0).Line);
        Assert.Equal("3", (await Docker.RunAsync($"wait {name}")).Expect(0).Line);
        await Eventually.HoldsAsync("it was started again", async () => (int)(await InspectAsync(name))["RestartCount"]! > 0);
    }

    [Fact]
    public async Task A_wait_that_began_while_it_waited_ends_with_its_stop()
    {
        var name = NewName();
        (await Docker.RunAsync($"run -d --name {name} --restart always busybox false")).Expect(0);
        await WaitsForRestartAsync(name);
        await using var wait = await RawCall.SendAsync(Daemon, $"POST /containers/{name}/wait");
        (await Api.PostAsync($"containers/{name}/stop")).Expect(204);
        Assert.Contains("\"StatusCode\":1", await wait.ReadChunkAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_restart_whose_run_ends_at_once_is_the_end_of_one_that_is_to_be_removed()
    {
        for (var i = 0; i < 10; i++)
        {
            var name = NewName();
            (await Docker.ScriptAsync($"run -d --rm --name {name} busybox", "test -e /again && exit 0; touch /again; exec sleep 1000")).Expect(0);
            await Eventually.HoldsAsync("its first run has left its mark", async () => (await Docker.RunAsync($"exec {name} test -e /again")).ExitCode == 0);
            (await Api.PostAsync($"containers/{name}/restart?t=0")).Expect(204);
            await Eventually.HoldsAsync("it is removed", async () => (await Api.GetAsync($"containers/{name}/json")).Status == 404);
        }
    }

    private async Task<string?> StatusAsync(string name) => (string?)(await Api.GetAsync($"containers/{name}/json")).Expect(200).Json["State"]!["Status"];

    /// <summary>Until a wait has just begun that is so long that what follows comes within it; each is twice as long as the one before.</summary>
    private Task WaitsForRestartAsync(string name) => Eventually.HoldsAsync(
        "it waits for its restart",
        async () => (await Api.GetAsync($"containers/{name}/json")).Expect(200).Json is var inspect
            && (int)inspect["RestartCount"]! >= 5 && (string?)inspect["State"]!["Status"] == "restarting"
            && TimeProvider.System.GetUtcNow() - (DateTimeOffset)inspect["State"]!["FinishedAt"]! < TimeSpan.FromSeconds(1),
        TimeSpan.FromMinutes(1));
}
