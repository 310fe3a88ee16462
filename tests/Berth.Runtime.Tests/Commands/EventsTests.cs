using System.Text.Json.Nodes;

namespace Berth.Runtime.Tests.Commands;

public sealed class EventsTests
{
    [Fact]
    public async Task Stats_are_one_line_in_runcs_form()
    {
        await using var container = TestContainer.Of("i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; sleep 60");
        await container.StartAsync();
        var result = await container.CommandAsync("events", "--stats");
        Assert.Equal(0, result.ExitCode);
        var told = JsonNode.Parse(Assert.Single(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)))!;
        Assert.Equal(("stats", container.Id), ((string)told["type"]!, (string)told["id"]!));
        var data = told["data"]!;
        Assert.True((ulong)data["cpu"]!["usage"]!["total"]! > 0);
        Assert.InRange((ulong)data["memory"]!["usage"]!["usage"]!, 1UL, 1UL << 30);
        Assert.NotEmpty(data["memory"]!["raw"]!.AsObject());
        Assert.InRange((ulong)data["pids"]!["current"]!, 1UL, 2UL);
        Assert.Null(data["pids"]!["limit"]);
    }

    [Fact]
    public async Task They_come_at_the_interval_until_the_container_ends()
    {
        await using var container = TestContainer.Of("sleep 1");
        await container.StartAsync();
        var result = await container.CommandAsync("events", "--interval", "100ms").WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal(0, result.ExitCode);
        Assert.All(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Equal("stats", (string)JsonNode.Parse(line)!["type"]!));
        Assert.Contains('\n', result.Output);
    }

    [Fact]
    public async Task There_must_be_something_that_runs_and_an_interval()
    {
        await using var container = TestContainer.Of("true");
        await container.StartAsync();
        for (var status = ""; status != "stopped"; status = await container.StatusAsync())
        {
        }

        Assert.Contains($"container with id {container.Id} is not running", (await container.CommandAsync("events", "--stats")).Error, StringComparison.Ordinal);
        var refused = await container.CommandAsync("events", "--interval", "0s");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("must be greater than 0", refused.Error, StringComparison.Ordinal);
    }
}
