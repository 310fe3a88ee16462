using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Flags;

/// <summary>The flags of the commands over containers that are there.</summary>
public sealed class CommandFlagTests(SharedDaemon shared) : EndToEndTest(shared)
{
    private const string Trapping = "trap 'echo got; exit 7' USR1 TERM; echo up; while :; do echo tick; sleep 0.05; done";

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Stop_and_restart_send_the_signal_that_was_asked_for(string client)
    {
        var name = await RunTrappingAsync(client, "-d");
        (await Client(client).RunAsync($"stop -s USR1 {name}")).Expect(0);
        Assert.Equal(7, (int)(await InspectAsync(name))["State"]!["ExitCode"]!);
        Assert.Equal(name, (await Client(client).RunAsync($"start --detach-keys ctrl-a {name}")).Expect(0).Line);
        await Eventually.HoldsAsync("it is up again", async () => (await Docker.RunAsync($"logs {name}")).Lines.Count(line => line == "up") == 2);
        (await Client(client).RunAsync($"restart --signal USR1 -t 30 {name}")).Expect(0);
        await Eventually.HoldsAsync("it is up again", async () => (await Docker.RunAsync($"logs {name}")).Lines.Count(line => line == "up") == 3);
        Assert.Equal(2, (await Docker.RunAsync($"logs {name}")).Lines.Count(line => line == "got"));
        Assert.Contains("only supported on a Docker daemon with experimental features enabled", (await Client(client).RunAsync($"start --checkpoint c --checkpoint-dir /x {name}")).Expect(1).Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Signals_to_the_client_reach_the_container_unless_sig_proxy_is_off(string client)
    {
        var cli = Client(client);
        var passed = NewName();
        var run = await SignalledAsync(cli, $"run --name {passed} busybox sh -c \"$TRAPPING\"");
        Assert.Equal("got code 7", string.Join(' ', run.Lines));

        var kept = NewName();
        await SignalledAsync(cli, ends: false, words: $"run --sig-proxy=false --name {kept} busybox sh -c \"$TRAPPING\"");
        Assert.Equal("running", (string?)(await InspectAsync(kept))["State"]!["Status"]);
        await SignalledAsync(cli, ends: false, words: $"attach --sig-proxy=false {kept}");
        Assert.Equal("running", (string?)(await InspectAsync(kept))["State"]!["Status"]);
        Assert.Equal("got code 7", string.Join(' ', (await SignalledAsync(cli, $"attach --sig-proxy --no-stdin {kept}")).Lines));
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Detach_keys_of_the_users_own_choice_detach(string client)
    {
        var name = NewName();
        await using (var terminal = Terminal.Open(Client(client), $"run -it --detach-keys ctrl-a,d --name {name} busybox sh"))
        {
            await terminal.ShowsAsync("# ");
            await terminal.TypeAsync("\x01" + "d");
            await terminal.ExitCodeAsync();
        }

        foreach (var command in (string[])[$"attach --detach-keys ctrl-b,x {name}", $"exec -it --detach-keys ctrl-b,x {name} sh"])
        {
            await using var terminal = Terminal.Open(Client(client), command);
            await terminal.TypeAsync("echo the-$((40+2))\r");
            await terminal.ShowsAsync("the-42");
            await terminal.TypeAsync("\x02x");
            await terminal.ExitCodeAsync();
        }

        Assert.Equal("running", (string?)(await InspectAsync(name))["State"]!["Status"]);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Listings_show_the_newest_and_whole_values(string client)
    {
        var (first, second) = (NewName(), NewName());
        var id = (await Docker.RunAsync("create", "--name", first, "busybox", "echo", "a command line of more than twenty characters")).Expect(0).Line;
        (await Docker.RunAsync($"create --name {second} busybox true")).Expect(0);
        var cli = Client(client);
        var line = (await cli.RunAsync("ps", "-a", "--no-trunc", "--filter", $"name={first}", "--format", "{{.ID}} {{.Command}}")).Expect(0).Line;
        Assert.Equal($"{id} \"echo 'a command line of more than twenty characters'\"", line);
        Assert.Equal(2, (await cli.RunAsync("ps", "-n", "2", "-q")).Expect(0).Lines.Count);
        Assert.Equal(2, (await cli.RunAsync("ps", "--last", "2", "--format", "{{.Names}}")).Expect(0).Lines.Count);
        Assert.Single((await cli.RunAsync("ps", "-l", "-q")).Expect(0).Lines);
        var stats = (await cli.RunAsync("stats", "-a", "--no-stream", "--no-trunc", "--format", "{{.ID}} {{.Container}} {{.Name}} {{.PIDs}}")).Expect(0).Lines;
        Assert.Contains($"{id} {id[..12]} {first} 0", stats);
        Assert.Contains($"{id} {first}", (await cli.RunAsync("stats", "--no-stream", "--no-trunc", "--format", "{{.ID}} {{.Container}}", first)).Expect(0).Line, StringComparison.Ordinal);
        Assert.Equal("linux", (await cli.RunAsync("inspect", "--type", "image", "-f", "{{.Os}}", "busybox")).Expect(0).Line);
        Assert.Equal($"/{first}", (await cli.RunAsync("inspect", "--type=container", "-f", "{{.Name}}", first)).Expect(0).Line);
        Assert.Contains("No such container: busybox", (await cli.RunAsync("inspect --type container busybox")).Expect(1).Error, StringComparison.Ordinal);
        Assert.StartsWith("unknown type: \"nosuch\"", (await cli.RunAsync("inspect --type nosuch busybox")).Expect(1).Error, StringComparison.Ordinal);
        Assert.Equal("linux", (await cli.RunAsync("info", "--format", "{{.OSType}}")).Expect(0).Line);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Copies_belong_to_the_containers_user_where_asked_and_say_nothing_where_asked(string client)
    {
        var name = await RunSleeperAsync("-u app");
        var file = Path.GetTempFileName();
        try
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
            (await Shell.RunAsync("chown", ["1234:2345", file])).Expect(0);
            Assert.Equal("", (await Client(client).RunAsync($"cp -q {file} {name}:/tmp/plain")).Expect(0).Error);
            (await Client(client).RunAsync($"cp --archive {file} {name}:/tmp/owned")).Expect(0);
            Assert.Equal(["1234:2345 440", "1000:1000 440"], (await Docker.RunAsync("exec", "-u", "0", name, "stat", "-c", "%u:%g %a", "/tmp/plain", "/tmp/owned")).Expect(0).Lines);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_commit_need_not_pause(string client)
    {
        var name = await RunSleeperAsync();
        var before = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 1;
        foreach (var (flag, paused) in ((string, bool)[])[("--pause=false", false), ("-p", true)])
        {
            var id = (await Client(client).RunAsync($"commit {flag} -a somebody -m note {name}")).Expect(0).Line;
            Assert.Equal("somebody note", (await Docker.RunAsync("image", "inspect", "-f", "{{.Author}} {{.Comment}}", id)).Expect(0).Line);
            var events = (await Docker.RunAsync("events", "--since", $"{before}", "--until", $"{DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1}", "--filter", $"container={name}", "--format", "{{.Action}}")).Expect(0).Lines;
            Assert.Equal(paused, events.Contains("pause"));
            await Docker.RunAsync($"rmi {id}");
        }
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Pruning_heeds_its_filters(string client)
    {
        Assert.SkipWhen(Daemon.IsDockerd, "20.10 removes named volumes, too");
        await using var daemon = await Daemon.StartAsync();
        var cli = client == "docker" ? daemon.Docker : daemon.Berth;
        foreach (var name in (string[])["kept", "gone"])
        {
            (await daemon.Docker.RunAsync($"create --name {name} --label for={name} -v /data -v named-{name}:/named busybox true")).Expect(0);
        }

        Assert.Contains("Total reclaimed space: 0B", (await cli.RunAsync("container prune -f --filter until=1h")).Expect(0).Output, StringComparison.Ordinal);
        (await cli.RunAsync("container prune -f --filter label=for=gone")).Expect(0);
        Assert.Equal(["kept"], (await daemon.Docker.RunAsync("ps", "-a", "--format", "{{.Names}}")).Expect(0).Lines);
        (await cli.RunAsync("system prune -f --filter label!=for=kept")).Expect(0);
        Assert.Equal(["kept"], (await daemon.Docker.RunAsync("ps", "-a", "--format", "{{.Names}}")).Expect(0).Lines);
        Assert.Equal(4, Directory.GetDirectories(Path.Combine(daemon.DataRoot, "volumes")).Length);
        Assert.Contains("\"until\" filter is not supported with \"--volumes\"", (await cli.RunAsync("system prune -f --volumes --filter until=1h")).Expect(1).Error, StringComparison.Ordinal);
        var pruned = (await cli.RunAsync("system prune -f --volumes")).Expect(0).Output;
        Assert.Contains("Deleted Volumes:\n", pruned, StringComparison.Ordinal);
        Assert.Equal(["named-gone", "named-kept"], Directory.GetDirectories(Path.Combine(daemon.DataRoot, "volumes")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var usage = JsonNode.Parse((await cli.RunAsync("system df -v --format json")).Expect(0).Output)!;
        Assert.Equal("busybox", (string)usage["Images"]![0]!["Repository"]!);
        Assert.Equal(["named-gone", "named-kept"], usage["Volumes"]!.AsArray().Select(volume => (string)volume!["Name"]!).Order(StringComparer.Ordinal));
    }

    /// <summary>A container that prints, and says what it got; returns when it is ready for that.</summary>
    private async Task<string> RunTrappingAsync(string client, string options)
    {
        var name = NewName();
        (await Client(client).ScriptAsync($"run {options} --name {name} busybox", Trapping)).Expect(0);
        await Eventually.HoldsAsync("it is up", async () => (await Docker.RunAsync($"logs {name}")).Lines.Contains("up"));
        return name;
    }

    /// <summary>Runs a client, sends it SIGTERM when it shows what the container prints, and tells what was got and the client's exit code.</summary>
    /// <param name="ends">The client ends by that. Otherwise it may go on, and is killed.</param>
    private static Task<ShellResult> SignalledAsync(Client client, string words, bool ends = true) =>
        Shell.RunAsync(
            "/bin/sh",
            [
                "-c",
                $"out=$(mktemp); {client.Program} {words} > $out & pid=$!; until grep -q tick $out; do sleep 0.05; done; "
                + $"kill -TERM $pid; {(ends ? "" : "sleep 0.5; kill -9 $pid 2>/dev/null; ")}wait $pid; code=$?; grep got $out; rm $out; echo code $code",
            ],
            environment: new Dictionary<string, string>(client.Environment) { ["TRAPPING"] = Trapping });
}
