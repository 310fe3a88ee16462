using System.Globalization;
using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Engine;

/// <summary>The order in which the life of a container, of its network and of its volumes is told.</summary>
public sealed class EventsTests(SharedDaemon shared) : EndToEndTest(shared)
{
    private readonly long _since = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    [Fact]
    public async Task A_containers_life_is_told_in_order()
    {
        var name = NewName();
        (await Docker.RunAsync($"run --rm --name {name} busybox sh -c true")).Expect(0);
        var events = await EventsAsync(Daemon, $$"""{"container":["{{name}}"],"type":["container"]}""");
        Assert.Equal(["create", "attach", "start", "die", "destroy"], events.Select(e => (string)e["Action"]!));
        var die = events.Single(e => (string)e["Action"]! == "die");
        Assert.Equal("0", (string?)die["Actor"]!["Attributes"]!["exitCode"]);
        Assert.Equal(name, (string?)die["Actor"]!["Attributes"]!["name"]);
    }

    [Fact]
    public async Task So_is_that_of_its_network_and_volumes()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "20.10 tells of the end first, and of the network before the volumes");
        var (name, volume) = (NewName(), NewName());
        try
        {
            (await Docker.RunAsync($"run --rm --name {name} --mount type=volume,source={volume},target=/named,readonly -v /other busybox true")).Expect(0);
            var all = await EventsAsync(Daemon, "{}");
            var id = (string)all.Single(e => (string?)e["Actor"]!["Attributes"]!["name"] == name && (string)e["Action"]! == "create")["Actor"]!["ID"]!;
            var anonymous = (string)all.Single(e => IsOf(e, id) && (string?)e["Actor"]!["Attributes"]!["destination"] == "/other")["Actor"]!["ID"]!;
            Assert.Equal(
                [
                    $"volume create {volume} driver=local",
                    $"volume create {anonymous} driver=local",
                    "container create",
                    "container attach",
                    $"volume mount {volume} container={id},destination=/named,driver=local,propagation=,read/write=false",
                    $"volume mount {anonymous} container={id},destination=/other,driver=local,propagation=,read/write=true",
                    "network connect",
                    "container start",
                    "network disconnect",
                    $"volume unmount {volume} container={id},driver=local",
                    $"volume unmount {anonymous} container={id},driver=local",
                    "container die",
                    $"volume destroy {anonymous} driver=local",
                    "container destroy",
                ],
                all.Where(e => IsOf(e, id) || (string)e["Actor"]!["ID"]! == volume || (string)e["Actor"]!["ID"]! == anonymous).Select(Describe));
        }
        finally
        {
            Directory.Delete(Path.Combine(Daemon.DataRoot, "volumes", volume), recursive: true);
        }
    }

    [Fact]
    public async Task A_volume_is_told_of_with_each_container_that_has_it_and_when_it_goes()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "20.10 tells of a creation also where the volume is there, and does not tell of what is pruned");
        await using var daemon = await Daemon.StartAsync();
        (await daemon.Docker.RunAsync("import", "--change", "VOLUME /volume", await Busybox.TarAsync(), "with-volume")).Expect(0);
        (await daemon.Docker.RunAsync("run --name first -v named:/named with-volume true")).Expect(0);
        (await daemon.Docker.RunAsync("run --rm --volumes-from first busybox true")).Expect(0);
        (await daemon.Docker.RunAsync("run --rm -v named:/named busybox nosuch")).Expect(127);
        (await daemon.Docker.RunAsync("rm first")).Expect(0);
        (await daemon.Docker.RunAsync("create --name second -v /other busybox true")).Expect(0);
        (await daemon.Docker.RunAsync("rm -v second")).Expect(0);
        (await daemon.Docker.RunAsync("volume prune -f")).Expect(0);
        (await daemon.Docker.RunAsync("volume prune -f -a")).Expect(0);
        var told = await EventsAsync(daemon, """{"type":["volume"]}""");
        var unnamed = told.Select(e => (string)e["Actor"]!["ID"]!).Where(id => id is not ("" or "named")).Distinct().ToList();
        Assert.Equal(2, unnamed.Count);
        Assert.Equal(
            [
                "create named", "create image", "mount named", "mount image", "unmount named", "unmount image",
                "mount named", "mount image", "unmount named", "unmount image",
                "mount named", "unmount named",
                "create other", "destroy other",
                "destroy image", "prune ",
                "destroy named", "prune ",
            ],
            told.Select(e => $"{e["Action"]} {e["Actor"]!["ID"]}".Replace(unnamed[0], "image", StringComparison.Ordinal).Replace(unnamed[1], "other", StringComparison.Ordinal)));
        var named = (await EventsAsync(daemon, """{"volume":["named"],"event":["create","destroy"]}""")).Select(e => (string)e["Action"]!);
        Assert.Equal(["create", "destroy"], named);
    }

    [Fact]
    public async Task Memory_that_runs_out_is_told_when_it_happens()
    {
        var name = NewName();
        (await Docker.ScriptAsync(
            $"run -d --name {name} -m 20m --memory-swap 20m busybox", "dd if=/dev/zero of=/dev/null bs=100M count=1; echo survived; exec sleep 1000")).Expect(0);
        await Eventually.HoldsAsync("the kernel has ended the other process", async () => (await Docker.RunAsync($"logs {name}")).Output.Contains("survived", StringComparison.Ordinal));
        await Eventually.HoldsAsync("it is told", async () =>
            (await EventsAsync(Daemon, $$"""{"container":["{{name}}"]}""")).Any(e => (string)e["Action"]! == "oom"));
        var state = (await InspectAsync(name))["State"]!;
        Assert.Equal(("running", true), ((string?)state["Status"], (bool)state["OOMKilled"]!));

        // Not again with the end.
        (await Docker.RunAsync($"kill {name}")).Expect(0);
        var told = (await EventsAsync(Daemon, $$"""{"container":["{{name}}"],"event":["oom","die"]}""")).Select(e => (string)e["Action"]!).ToList();
        Assert.Equal("die", told[^1]);
        Assert.True(told[^2] == "oom" && told.Count == 2, string.Join(' ', told));
    }

    [Fact]
    public async Task Who_says_until_when_gets_the_past_too()
    {
        var name = NewName();
        (await Docker.RunAsync($"create --name {name} busybox true")).Expect(0);
        var until = (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 2).ToString(CultureInfo.InvariantCulture);
        Assert.Equal("create", (await Docker.RunAsync("events", "--until", until, "--filter", $"container={name}", "--format", "{{.Action}}")).Expect(0).Line);
    }

    private static bool IsOf(JsonNode e, string container) =>
        (string)e["Actor"]!["ID"]! == container || (string?)e["Actor"]!["Attributes"]!["container"] == container;

    private static string Describe(JsonNode e) => (string)e["Type"]! == "volume"
        ? $"volume {e["Action"]} {e["Actor"]!["ID"]} {string.Join(',', e["Actor"]!["Attributes"]!.AsObject().OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={a.Value}"))}"
        : $"{e["Type"]} {e["Action"]}";

    private async Task<List<JsonNode>> EventsAsync(Daemon daemon, string filters)
    {
        var until = (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 1).ToString(CultureInfo.InvariantCulture);
        var stream = await daemon.Http.GetStringAsync($"events?since={_since}&until={until}&filters={Uri.EscapeDataString(filters)}");
        return [.. stream.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }
}
