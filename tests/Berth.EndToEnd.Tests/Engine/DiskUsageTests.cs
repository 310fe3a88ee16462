using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Engine;

/// <summary>What takes room, and getting rid of it; on a daemon of its own, as prune removes what is everybody's.</summary>
public sealed class DiskUsageTests
{
    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Sizes_are_told_and_what_is_unused_is_pruned(string client)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the end-to-end tests need root");
        await using var daemon = await Daemon.StartAsync();
        var (cli, docker) = (client == "docker" ? daemon.Docker : daemon.Berth, daemon.Docker);
        (await docker.RunAsync("run", "-d", "--name", "running", "-v", "vol:/data", "busybox", "sh", "-c", "head -c 3000000 /dev/zero > /f; head -c 1000000 /dev/zero > /data/v; sleep 1000")).Expect(0);
        (await docker.RunAsync("run", "--name", "stopped", "busybox", "sh", "-c", "head -c 2000000 /dev/zero > /g")).Expect(0);
        await Eventually.HoldsAsync("both files are there", async () => (await docker.RunAsync("exec running test -s /data/v")).ExitCode == 0);

        var list = (await cli.RunAsync("ps", "-a", "-s", "--format", "{{.Names}} {{.Size}}")).Expect(0).Lines;
        Assert.Equal("stopped 2MB", list[0].Split(" (")[0]);
        Assert.Equal("running 3MB", list[1].Split(" (")[0]);
        var inspected = JsonNode.Parse((await cli.RunAsync("container", "inspect", "--size", "stopped")).Expect(0).Output)![0]!;
        Assert.Equal(2_000_000, (long)inspected["SizeRw"]!);
        var image = JsonNode.Parse((await docker.RunAsync("image inspect busybox")).Expect(0).Output)![0]!;
        Assert.Equal(2_000_000 + (long)image["Size"]!, (long)inspected["SizeRootFs"]!);

        var table = (await cli.RunAsync("system", "df", "--format", "{{.Type}}|{{.TotalCount}}|{{.Active}}|{{.Size}}|{{.Reclaimable}}")).Expect(0).Lines;
        Assert.StartsWith("Images|1|1|", table[0], StringComparison.Ordinal);
        Assert.Equal("Containers|2|1|5MB|2MB (40%)", table[1]);
        Assert.StartsWith("Local Volumes|1|1|1MB|0B", table[2], StringComparison.Ordinal);
        Assert.Matches("^TYPE +TOTAL +ACTIVE +SIZE +RECLAIMABLE$", (await cli.RunAsync("system df")).Expect(0).Lines[0]);
        var details = (await cli.RunAsync("system df -v")).Expect(0).Output;
        Assert.All(["Images space usage:", "SHARED SIZE", "Containers space usage:", "LOCAL VOLUMES", "VOLUME NAME", "vol"], part => Assert.Contains(part, details, StringComparison.Ordinal));
        var usage = JsonNode.Parse(await daemon.Http.GetStringAsync("system/df?type=image"))!;
        Assert.Equal(2, (int)usage["Images"]![0]!["Containers"]!);
        Assert.Null(usage["Containers"]?.AsArray().FirstOrDefault());

        Assert.EndsWith("[y/N] ", (await cli.InputAsync("container prune", "n\n"u8.ToArray())).Expect(0).Output, StringComparison.Ordinal);
        var pruned = (await cli.RunAsync("container prune -f")).Expect(0).Output;
        Assert.StartsWith("Deleted Containers:\n", pruned, StringComparison.Ordinal);
        Assert.EndsWith("\nTotal reclaimed space: 2MB\n", pruned, StringComparison.Ordinal);
        Assert.Equal("Total reclaimed space: 0B\n", (await cli.RunAsync("image prune -f")).Expect(0).Output);

        // A client takes its own time in whole seconds.
        await Eventually.HoldsAsync("both prunes are told", async () =>
            (await docker.RunAsync("events --since 1h --until 0s --filter event=prune --format {{.Type}}")).Expect(0).Lines.SequenceEqual(["container", "image"]));

        (await docker.RunAsync("commit running extra:1")).Expect(0);
        (await docker.RunAsync("create --name idle busybox true")).Expect(0);
        var system = (await cli.InputAsync("system prune -a", "y\n"u8.ToArray())).Expect(0).Output;
        Assert.StartsWith("WARNING! This will remove:\n  - all stopped containers\n", system, StringComparison.Ordinal);
        Assert.Contains("\nuntagged: extra:1\n", system, StringComparison.Ordinal);
        Assert.Contains("\ndeleted: sha256:", system, StringComparison.Ordinal);
        Assert.Equal(["running"], (await docker.RunAsync("ps", "-a", "--format", "{{.Names}}")).Expect(0).Lines);
        Assert.Equal(["busybox:latest"], (await docker.RunAsync("images", "--format", "{{.Repository}}:{{.Tag}}")).Expect(0).Lines);
    }
}
