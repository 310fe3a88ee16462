namespace Berth.Runtime.Tests.Commands;

public sealed class KillTests
{
    [Theory]
    [InlineData("KILL")]
    [InlineData("SIGKILL")]
    [InlineData("9")]
    public async Task Kill_takes_a_signal_by_name_and_by_number(string signal)
    {
        await using var container = TestContainer.Of("sleep 60");
        await container.StartAsync();
        Assert.Equal(0, (await container.CommandAsync("kill", [], [signal])).ExitCode);
        await container.EventuallyAsync("stopped");
    }

    [Fact]
    public async Task Kill_of_a_stopped_container_says_that_it_is_not_running()
    {
        await using var container = TestContainer.Of("true");
        await container.StartAsync();
        await container.EventuallyAsync("stopped");
        var result = await container.CommandAsync("kill");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("container not running", result.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await container.CommandAsync("kill", "--all")).ExitCode);
    }

    [Fact]
    public async Task Kill_of_a_container_that_shares_the_pid_namespace_ends_all_its_processes()
    {
        await using var container = TestContainer.Of(
            "sleep 61 & sleep 62",
            s => s with { Linux = s.Linux! with { Namespaces = [.. s.Linux.Namespaces!.Where(n => n.Type != "pid")] } });
        await container.StartAsync();
        Assert.Equal(0, (await container.CommandAsync("kill", [], ["KILL"])).ExitCode);
        await container.EventuallyAsync("stopped");
        Assert.Equal("[]\n", (await container.CommandAsync("ps", "--format", "json")).Output);
    }

    [Fact]
    public async Task An_unknown_signal_is_refused()
    {
        await using var container = TestContainer.Of("sleep 60");
        await container.StartAsync();
        Assert.Contains("invalid signal: NOSUCH", (await container.CommandAsync("kill", [], ["NOSUCH"])).Error, StringComparison.Ordinal);
        Assert.Equal("running", await container.StatusAsync());
    }
}
