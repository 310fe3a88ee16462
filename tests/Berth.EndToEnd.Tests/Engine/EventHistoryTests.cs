using System.Globalization;
using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Engine;

/// <summary>The history of events, and what can be asked of it.</summary>
public sealed class EventHistoryTests(SharedDaemon shared) : EndToEndTest(shared)
{
    /// <summary>With a fraction, because a client takes what is relative in whole seconds.</summary>
    private static string Now =>
        string.Create(CultureInfo.InvariantCulture, $"{(TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / 1e7m:0.0000000}00");

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Filters_narrow_and_formats_shape(string client)
    {
        var name = NewName();
        (await Docker.RunAsync($"run --name {name} --label {name}=1 busybox true")).Expect(0);
        await Eventually.HoldsAsync("its end is told", async () => (await ActionsAsync("docker", $"container={name}")).Contains("die"));
        Assert.Equal(["create", "attach", "start", "die"], await ActionsAsync(client, $"container={name}"));
        Assert.Equal(["start"], await ActionsAsync(client, $"container={name}", "event=start"));
        Assert.Equal(["start", "die"], await ActionsAsync(client, $"container={name}", "event=start", "event=die"));
        Assert.Equal(["create", "attach", "start", "die"], await ActionsAsync(client, $"label={name}=1", "type=container"));
        Assert.Equal([], await ActionsAsync(client, $"label={name}=2"));
        Assert.Equal([], await ActionsAsync(client, $"container={name}", "scope=swarm"));
        Assert.Equal(["create", "attach", "start", "die"], await ActionsAsync(client, $"container={name}", "scope=local", "image=busybox"));
        var line = (await Client(client).RunAsync("events", "--since", "1h", "--until", Now, "--filter", $"container={name}", "--filter", "event=die")).Expect(0).Line;
        Assert.Matches($@"^\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{{9}}\S+ container die [0-9a-f]{{64}} \(.*execDuration=0, exitCode=0, image=busybox, name={name}.*\)$", line);
        var json = (await Client(client).RunAsync("events", "--since", "1h", "--until", Now, "--format", "json", "--filter", $"container={name}", "--filter", "event=die")).Expect(0).Line;
        Assert.Equal("die", (string?)JsonNode.Parse(json)!["Action"]);
        Assert.Contains("invalid filter", (await Client(client).RunAsync("events --since 1h --until 0s --filter nosuch=1")).Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_that_happens_to_a_container_is_told()
    {
        var name = await RunSleeperAsync("-t");
        (await Docker.RunAsync($"exec {name} true")).Expect(0);
        (await Docker.RunAsync($"pause {name}")).Expect(0);
        (await Docker.RunAsync($"unpause {name}")).Expect(0);
        using (await Daemon.Http.PostAsync($"containers/{name}/resize?h=10&w=20", null))
        {
        }

        (await Docker.RunAsync($"rename {name} {name}-new")).Expect(0);
        (await Docker.RunAsync($"rename {name}-new {name}")).Expect(0);
        (await Docker.RunAsync($"restart -t 0 {name}")).Expect(0);
        (await Docker.RunAsync($"kill {name}")).Expect(0);
        var actions = await ActionsAsync("docker", $"container={name}");
        Assert.Equal(
            [
                "create", "start", "exec_create: true", "exec_start: true", "exec_die", "pause", "unpause", "resize", "rename",
                "kill", "die", "stop", "start", "restart", "kill", "die",
            ],
            actions.Where((a, i) => i == 0 || a != actions[i - 1]));
    }

    [Fact]
    public async Task The_past_survives_a_killed_daemon()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "Docker forgets");
        await using var daemon = await Daemon.StartAsync();
        (await daemon.Docker.RunAsync("run -d --name first busybox sleep 1000")).Expect(0);
        await daemon.KillAsync();
        await daemon.StartProcessAsync();
        (await daemon.Docker.RunAsync("rm -f first")).Expect(0);
        var events = (await daemon.Docker.RunAsync($"events --since 1h --until {Now} --filter type=container --format {{{{.Action}}}}")).Expect(0);
        Assert.Equal(["create", "start", "kill", "die", "destroy"], events.Lines);
    }

    [Fact]
    public async Task A_reader_that_does_not_read_holds_up_nobody_and_gets_everything_in_the_end()
    {
        using var answer = await Daemon.Http.GetAsync("events", HttpCompletionOption.ResponseHeadersRead);
        var name = await RunSleeperAsync();
        var label = new string('x', 100_000);
        string[] made = [.. Enumerable.Range(0, 40).Select(_ => NewName())];
        foreach (var other in made)
        {
            (await Docker.RunAsync("create", "--name", other, "--label", $"long={label}", "busybox", "true")).Expect(0);
        }

        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var seen = new HashSet<string?>();
        while (!seen.IsSupersetOf(made))
        {
            var line = await reader.ReadLineAsync().WaitAsync(Shell.Limit);
            seen.Add((string?)JsonNode.Parse(line!)!["Actor"]!["Attributes"]!["name"]);
        }

        Assert.Contains(name, seen);
    }

    private async Task<List<string>> ActionsAsync(string client, params string[] filters)
    {
        var words = filters.SelectMany(f => (string[])["--filter", f]);
        return [.. (await Client(client).RunAsync(["events", "--since", "1h", "--until", Now, "--format", "{{.Action}}", .. words])).Expect(0).Lines];
    }
}
