using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Faults;

/// <summary>Restart policies over the daemon's own end.</summary>
public sealed class RestartOrderTests
{
    [Fact]
    public async Task After_its_return_the_daemon_starts_containers_after_those_that_they_need()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        Assert.SkipWhen(Daemon.IsDockerd, "dockerd ends its containers");
        await using var daemon = await Daemon.StartAsync();
        await RunAsync("--name base -v /data --ipc shareable");
        await RunAsync("--name linked --link base");
        await RunAsync("--name inside --network container:linked --ipc container:base");
        await RunAsync("--name last --volumes-from inside --pid container:inside");

        // Both together, as a power failure would: nobody is left to restart anything. The processes are known before the first is
        // killed, because one that has another's pid namespace ends with it, and its state goes.
        await daemon.KillAsync();
        var states = Path.Combine(daemon.ExecRoot, "runtime");
        var processes = Directory.GetDirectories(states)
            .Select(directory => JsonNode.Parse(File.ReadAllText(Path.Combine(directory, "state.json")))!["pid"]!.ToString()).ToList();
        await Shell.RunAsync("kill", ["-9", .. processes]);

        // One whose end is not recorded yet would be restarted for itself.
        await Eventually.HoldsAsync("their ends are recorded", () => Directory.GetDirectories(states).Length == 0);
        await daemon.StartProcessAsync();
        IReadOnlyList<string> started = [];
        await Eventually.HoldsAsync("all were started again", async () => (started = await StartedAsync()).Count == 8, TimeSpan.FromSeconds(120));
        Assert.Equal(["base", "linked", "inside", "last"], started.Skip(4));

        async Task RunAsync(string options) =>
            (await daemon.Docker.RunAsync($"run -d --restart always {options} busybox sleep 1000")).Expect(0);

        async Task<IReadOnlyList<string>> StartedAsync() =>
            (await daemon.Docker.RunAsync("events --since 1h --until 0s --filter event=start --format {{.Actor.Attributes.name}}")).Expect(0).Lines;
    }

    [Fact]
    public async Task What_ended_while_the_daemon_was_away_is_restarted_as_its_policy_says()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        Assert.SkipWhen(Daemon.IsDockerd, "dockerd ends its containers");
        await using var daemon = await Daemon.StartAsync();
        const string Script = "trap 'exit 3' USR1; trap 'exit 0' USR2; echo ready; while :; do sleep 0.05; done";
        (string Name, string Policy, string Signal)[] containers =
        [
            ("never", "no", "USR1"), ("failed", "on-failure:1", "USR1"), ("succeeded", "on-failure", "USR2"), ("every", "unless-stopped", "USR2"),
        ];
        var pids = new Dictionary<string, string>();
        foreach (var (name, policy, _) in containers)
        {
            (await daemon.Docker.ScriptAsync($"run -d --name {name} --restart {policy} busybox", Script)).Expect(0);
            await Eventually.HoldsAsync("it is ready", async () => (await daemon.Docker.RunAsync($"logs {name}")).Line == "ready");
            pids[name] = (await daemon.Docker.RunAsync($"inspect -f {{{{.State.Pid}}}} {name}")).Line;
        }

        await daemon.KillAsync();
        foreach (var (name, _, signal) in containers)
        {
            await Shell.RunAsync("kill", [$"-{signal}", pids[name]]);
            await Eventually.HoldsAsync("it has ended", () => !Directory.Exists($"/proc/{pids[name]}"));
        }

        await daemon.StartProcessAsync();
        await Eventually.HoldsAsync("two run again", async () => (await daemon.Docker.RunAsync("ps -q")).Lines.Count == 2);
        Assert.Equal(["every", "failed"], (await daemon.Docker.RunAsync("ps --format {{.Names}}")).Lines.Order(StringComparer.Ordinal));
        Assert.Equal("1", (await daemon.Docker.RunAsync("inspect -f {{.RestartCount}} failed")).Line);
        Assert.Equal("3", (await daemon.Docker.RunAsync("inspect -f {{.State.ExitCode}} never")).Line);

        // Its one restart was that one.
        (await daemon.Docker.RunAsync("exec failed kill -USR1 1")).Expect(0);
        await Eventually.HoldsAsync("it stays ended", async () => (await daemon.Docker.RunAsync("inspect -f {{.State.Status}} failed")).Line == "exited");
    }
}
