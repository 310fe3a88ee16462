using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Engine;

/// <summary>What the Engine API has and this engine does not: it says so.</summary>
public sealed class NotYetTests(SharedDaemon shared) : EndToEndTest(shared)
{
    private const string NoSwarm =
        "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect this node to swarm and try again.";

    [Theory]
    [InlineData("POST build")]
    [InlineData("POST session")]
    [InlineData("GET images/busybox/attestations")]
    [InlineData("POST volumes/create")]
    [InlineData("DELETE volumes/x")]
    [InlineData("POST networks/create")]
    [InlineData("POST networks/x/connect")]
    [InlineData("POST networks/x/disconnect")]
    [InlineData("GET plugins/privileges")]
    [InlineData("POST plugins/pull")]
    [InlineData("DELETE plugins/x")]
    [InlineData("POST plugins/x/enable")]
    [InlineData("POST plugins/x/disable")]
    [InlineData("POST plugins/x/upgrade")]
    [InlineData("POST plugins/create")]
    [InlineData("POST plugins/x/push")]
    [InlineData("POST plugins/x/set")]
    [InlineData("POST swarm/init")]
    [InlineData("POST swarm/join")]
    public async Task What_is_not_there_yet_is_not_implemented(string call) => Assert.StartsWith("not implemented: ", await MessageAsync(call, 501), StringComparison.Ordinal);

    [Fact]
    public async Task A_plugin_that_is_not_there_is_not_found() =>
        Assert.Equal("plugin \"x\" not found", await MessageAsync("GET plugins/x/json", 404));

    [Theory]
    [InlineData("GET nodes")]
    [InlineData("GET nodes/x")]
    [InlineData("DELETE nodes/x")]
    [InlineData("POST nodes/x/update?version=1")]
    [InlineData("GET swarm")]
    [InlineData("POST swarm/update?version=1")]
    [InlineData("GET swarm/unlockkey")]
    [InlineData("POST swarm/unlock")]
    [InlineData("GET services")]
    [InlineData("POST services/create")]
    [InlineData("GET services/x")]
    [InlineData("DELETE services/x")]
    [InlineData("POST services/x/update?version=1")]
    [InlineData("GET services/x/logs?stdout=1")]
    [InlineData("GET tasks")]
    [InlineData("GET tasks/x")]
    [InlineData("GET tasks/x/logs?stdout=1")]
    [InlineData("GET secrets")]
    [InlineData("POST secrets/create")]
    [InlineData("GET secrets/x")]
    [InlineData("DELETE secrets/x")]
    [InlineData("POST secrets/x/update?version=1")]
    [InlineData("GET configs")]
    [InlineData("POST configs/create")]
    [InlineData("GET configs/x")]
    [InlineData("DELETE configs/x")]
    [InlineData("POST configs/x/update?version=1")]
    public async Task Without_a_swarm_its_paths_answer_in_Dockers_words(string call) => Assert.Equal(NoSwarm, await MessageAsync(call, 503));

    [Fact]
    public async Task A_volume_of_a_cluster_is_not_updated_without_one() =>
        Assert.Equal("volume update only valid for cluster volumes, but swarm is unavailable", await MessageAsync("PUT volumes/x", 503));

    [Fact]
    public async Task Networks_are_listed_with_a_slash_as_without()
    {
        using var with = await Daemon.Http.GetAsync("networks/");
        Assert.Equal(200, (int)with.StatusCode);
        Assert.Equal(await Daemon.Http.GetStringAsync("networks"), await with.Content.ReadAsStringAsync());
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Volumes_that_there_are_are_listed(string client)
    {
        var name = NewName();
        var volume = $"v-{name}";
        (await Docker.RunAsync($"create --name {name} -v {volume}:/data -v /anonymous busybox true")).Expect(0);
        var listed = JsonNode.Parse(await Daemon.Http.GetStringAsync("volumes"))!["Volumes"]!.AsArray();
        var found = Assert.Single(listed, v => (string?)v!["Name"] == volume)!;
        Assert.Equal(("local", "local"), ((string?)found["Driver"], (string?)found["Scope"]));
        Assert.True(Directory.Exists((string)found["Mountpoint"]!));
        Assert.Contains(listed, v => v!["Labels"] is JsonObject labels && labels.ContainsKey("com.docker.volume.anonymous"));
        Assert.Equal(found.ToJsonString(), JsonNode.Parse(await Daemon.Http.GetStringAsync($"volumes/{volume}"))!.ToJsonString());
        if (client == "docker")
        {
            Assert.Contains(volume, (await Docker.RunAsync("volume ls -q")).Expect(0).Lines);
            Assert.DoesNotContain(volume, (await Docker.RunAsync("volume ls -q --filter dangling=true")).Expect(0).Lines);
        }
    }

    private async Task<string?> MessageAsync(string call, int status)
    {
        Assert.SkipWhen(Daemon.IsDockerd, "dockerd has it");
        var words = call.Split(' ');
        using var request = new HttpRequestMessage(new HttpMethod(words[0]), words[1]);
        using var answer = await Daemon.Http.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(status == (int)answer.StatusCode, $"{call}: {answer.StatusCode} {body}");
        return (string?)JsonNode.Parse(body)!["message"];
    }
}
