using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Engine;

public sealed class EventsTests(SharedDaemon shared) : EndToEndTest(shared)
{
    [Fact]
    public async Task A_containers_life_is_told_in_order()
    {
        var name = NewName();
        var since = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        (await Docker.RunAsync($"run --rm --name {name} busybox sh -c true")).Expect(0);
        var until = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 1;
        var stream = await Daemon.Http.GetStringAsync($"events?since={since}&until={until}&filters={Uri.EscapeDataString($$"""{"container":["{{name}}"],"type":["container"]}""")}");
        var actions = stream.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (string)JsonNode.Parse(line)!["Action"]!).ToList();
        Assert.Equal(["create", "attach", "start", "die", "destroy"], actions);
        var die = JsonNode.Parse(stream.Split('\n').Single(line => line.Contains("\"die\"", StringComparison.Ordinal)))!;
        Assert.Equal("0", (string?)die["Actor"]!["Attributes"]!["exitCode"]);
        Assert.Equal(name, (string?)die["Actor"]!["Attributes"]!["name"]);
    }
}
