using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Containers;

/// <summary>What a container uses and may use: stats, top and update.</summary>
public sealed class UsageTests(SharedDaemon shared) : EndToEndTest(shared)
{
    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Stats_tell_what_is_used(string client)
    {
        var name = NewName();
        (await Docker.RunAsync("run", "-d", "--name", name, "-m", "64m", "--pids-limit", "50", "busybox", "sh", "-c", "while :; do :; done")).Expect(0);
        await Task.Delay(TimeSpan.FromMilliseconds(300));
        var line = (await Client(client).RunAsync("stats", "--no-stream", "--format", "{{.Name}}|{{.CPUPerc}}|{{.MemUsage}}|{{.NetIO}}|{{.PIDs}}", name)).Expect(0).Line.Split('|');
        Assert.Equal(name, line[0]);
        Assert.InRange(double.Parse(line[1].TrimEnd('%'), System.Globalization.CultureInfo.InvariantCulture), 5, 250);
        Assert.EndsWith(" / 64MiB", line[2], StringComparison.Ordinal);
        Assert.Equal("1", line[4]);

        var stats = JsonNode.Parse(await Daemon.Http.GetStringAsync($"containers/{name}/stats?stream=false&one-shot=true"))!;
        Assert.Equal($"/{name}", (string)stats["name"]!);
        Assert.Equal(64 << 20, (long)stats["memory_stats"]!["limit"]!);
        Assert.Equal(50, (long)stats["pids_stats"]!["limit"]!);
        Assert.True((long)stats["cpu_stats"]!["cpu_usage"]!["total_usage"]! > 0);
        Assert.True((long)stats["cpu_stats"]!["system_cpu_usage"]! > 0);
        Assert.Equal(0, (long)stats["precpu_stats"]!["cpu_usage"]!["total_usage"]!);
        Assert.NotNull(stats["networks"]!["eth0"]!["rx_bytes"]);
        Assert.NotEmpty(stats["memory_stats"]!["stats"]!.AsObject());

        var table = (await Client(client).RunAsync("stats", "--no-stream", name)).Expect(0).Lines;
        Assert.Matches(@"^CONTAINER ID +NAME +CPU % +MEM USAGE / LIMIT +MEM % +NET I/O +BLOCK I/O +PIDS$", table[0]);
        (await Docker.RunAsync("stop", "-t", "0", name)).Expect(0);
        Assert.Equal("0.00%|0B / 0B|0", (await Client(client).RunAsync("stats", "--no-stream", "--format", "{{.CPUPerc}}|{{.MemUsage}}|{{.PIDs}}", name)).Expect(0).Line);
        Assert.Contains("No such container: nobody", (await Client(client).RunAsync("stats --no-stream nobody")).Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_of_stats_compares_each_sample_with_the_one_before()
    {
        var name = await RunSleeperAsync();
        using var answer = await Daemon.Http.GetAsync($"containers/{name}/stats", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var first = JsonNode.Parse((await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)))!)!;
        var second = JsonNode.Parse((await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)))!)!;
        Assert.Equal((string)first["read"]!, (string)second["preread"]!);
        Assert.Equal((long)first["cpu_stats"]!["system_cpu_usage"]!, (long)second["precpu_stats"]!["system_cpu_usage"]!);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Top_lists_the_containers_processes_and_no_others(string client)
    {
        var name = NewName();
        (await Docker.RunAsync("run", "-d", "--name", name, "-u", "1000", "busybox", "sh", "-c", "sleep 1234 & sleep 1235; true")).Expect(0);
        await Eventually.HoldsAsync("both run", async () => (await Docker.RunAsync("top", name)).Lines.Count == 4);
        var top = (await Client(client).RunAsync($"top {name}")).Expect(0).Lines;
        Assert.Equal(["UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"], top[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["sh -c sleep 1234 & sleep 1235; true", "sleep 1234", "sleep 1235"], top.Skip(1).Select(l => string.Join(' ', l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[7..])).Order(StringComparer.Ordinal));
        var args = (await Client(client).RunAsync("top", name, "-o", "pid,args")).Expect(0).Lines;
        Assert.Equal(4, args.Count);
        Assert.Equal(["PID", "COMMAND"], args[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("PID field", (await Client(client).RunAsync("top", name, "-o", "args")).Expect(1).Error, StringComparison.Ordinal);
        (await Docker.RunAsync("stop", "-t", "0", name)).Expect(0);
        Assert.Contains("is not running", (await Client(client).RunAsync($"top {name}")).Expect(1).Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Update_changes_limits_at_once_and_keeps_them(string client)
    {
        var name = await RunSleeperAsync("-m 64m --memory-swap 128m");
        (await Client(client).RunAsync("update", "-m", "96m", "--pids-limit", "77", "--cpu-shares", "512", "--cpuset-cpus", "0", "--restart", "on-failure:3", name)).Expect(0);
        var host = (await InspectAsync(name))["HostConfig"]!;
        Assert.Equal((96L << 20, 77, 512, "0"), ((long)host["Memory"]!, (int)host["PidsLimit"]!, (int)host["CpuShares"]!, (string)host["CpusetCpus"]!));
        Assert.Equal(("on-failure", 3), ((string)host["RestartPolicy"]!["Name"]!, (int)host["RestartPolicy"]!["MaximumRetryCount"]!));
        Assert.Equal("96MiB", (await Docker.RunAsync("stats", "--no-stream", "--format", "{{.MemUsage}}", name)).Expect(0).Line.Split(" / ")[1]);
        Assert.Contains("1", (await Docker.RunAsync($"exec {name} nproc")).Expect(0).Line, StringComparison.Ordinal);
        (await Docker.RunAsync($"restart -t 0 {name}")).Expect(0);
        Assert.Equal("96MiB", (await Docker.RunAsync("stats", "--no-stream", "--format", "{{.MemUsage}}", name)).Expect(0).Line.Split(" / ")[1]);

        Assert.Contains("already set memoryswap limit", (await Client(client).RunAsync($"update -m 256m {name}")).Expect(1).Error, StringComparison.Ordinal);
        Assert.Contains("6MB", (await Client(client).RunAsync($"update -m 1m {name}")).Expect(1).Error, StringComparison.Ordinal);
        Assert.Contains("must provide one or more flags", (await Client(client).RunAsync($"update {name}")).Expect(1).Error, StringComparison.Ordinal);
        Assert.Contains("No such container: nobody", (await Client(client).RunAsync("update -m 64m nobody")).Expect(1).Error, StringComparison.Ordinal);
    }
}
