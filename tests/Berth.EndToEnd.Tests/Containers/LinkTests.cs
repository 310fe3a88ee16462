using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Containers;

/// <summary>Legacy links of the default network, and other old flags.</summary>
public sealed class LinkTests(SharedDaemon shared) : EndToEndTest(shared)
{
    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_link_brings_variables_and_names(string client)
    {
        var (db, web) = (NewName(), NewName());
        await RunSleeperAsync("-e COLOR=blue -e A=b=c --expose 5432 --expose 5433 --expose 53/udp", db);
        (await Client(client).RunAsync($"run -d --name {web} --link {db}:my-db busybox sleep 1000")).Expect(0);
        var inspect = await InspectAsync(db);
        var address = (string)inspect["NetworkSettings"]!["Networks"]!["bridge"]!["IPAddress"]!;
        var hostname = (string)inspect["Config"]!["Hostname"]!;
        var expected = new[]
        {
            $"MY_DB_NAME=/{web}/my-db", $"MY_DB_PORT=tcp://{address}:5432", "MY_DB_ENV_COLOR=blue", "MY_DB_ENV_A=b=c",
            $"MY_DB_PORT_5432_TCP=tcp://{address}:5432", $"MY_DB_PORT_5432_TCP_ADDR={address}", "MY_DB_PORT_5432_TCP_PORT=5432", "MY_DB_PORT_5432_TCP_PROTO=tcp",
            $"MY_DB_PORT_5432_TCP_START=tcp://{address}:5432", $"MY_DB_PORT_5432_TCP_END=tcp://{address}:5433",
            "MY_DB_PORT_5432_TCP_PORT_START=5432", "MY_DB_PORT_5432_TCP_PORT_END=5433",
            $"MY_DB_PORT_5433_TCP=tcp://{address}:5433", $"MY_DB_PORT_5433_TCP_ADDR={address}", "MY_DB_PORT_5433_TCP_PORT=5433", "MY_DB_PORT_5433_TCP_PROTO=tcp",
            $"MY_DB_PORT_53_UDP=udp://{address}:53", $"MY_DB_PORT_53_UDP_ADDR={address}", "MY_DB_PORT_53_UDP_PORT=53", "MY_DB_PORT_53_UDP_PROTO=udp",
        };
        foreach (var environment in (string[])[
            (await Docker.ScriptAsync($"exec {web}", "tr '\\0' '\\n' </proc/1/environ")).Expect(0).Output,
            (await Docker.RunAsync($"exec {web} env")).Expect(0).Output])
        {
            Assert.Equal(expected.Order(StringComparer.Ordinal), environment.Split('\n').Where(l => l.StartsWith("MY_DB_", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        }

        Assert.Contains($"{address}\tmy-db {hostname} {db}\n", (await Docker.RunAsync($"exec {web} cat /etc/hosts")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal($"""["/{db}:/{web}/my-db"]""", (await InspectAsync(web))["HostConfig"]!["Links"]!.ToJsonString());
        var names = JsonNode.Parse(await Daemon.Http.GetStringAsync($"containers/json?filters={Uri.EscapeDataString($$"""{"name":["^{{db}}$"]}""")}"))![0]!["Names"]!;
        Assert.Equal([$"/{db}", $"/{web}/my-db"], names.AsArray().Select(n => (string)n!).Order(StringComparer.Ordinal).OrderBy(n => n.Length));
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_link_follows_a_restart_and_can_be_removed_alone(string client)
    {
        var (db, other, web) = (NewName(), NewName(), NewName());
        await RunSleeperAsync("--stop-timeout 0", db);
        await RunSleeperAsync($"--link {db}:base", web);
        (await Docker.RunAsync($"stop {db}")).Expect(0);
        await RunSleeperAsync("", other); // takes the address
        (await Docker.RunAsync($"start {db}")).Expect(0);
        var address = (string)(await InspectAsync(db))["NetworkSettings"]!["Networks"]!["bridge"]!["IPAddress"]!;
        Assert.Contains($"{address}\tbase ", (await Docker.RunAsync($"exec {web} cat /etc/hosts")).Expect(0).Output, StringComparison.Ordinal);

        Assert.Contains("cannot remove the default link name", (await Client(client).RunAsync($"rm --link {web}")).Expect(1).Error, StringComparison.Ordinal);
        (await Client(client).RunAsync($"rm --link {web}/base")).Expect(0);
        Assert.DoesNotContain("\tbase ", (await Docker.RunAsync($"exec {web} cat /etc/hosts")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Null((await InspectAsync(web))["HostConfig"]!["Links"]);
        Assert.Equal("running", (string?)(await InspectAsync(db))["State"]!["Status"]);
        Assert.Contains("No such container", (await Client(client).RunAsync($"rm --link {web}/base")).Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_linked_is_refused()
    {
        var missing = await Docker.RunAsync("run --rm --link nosuch:x busybox true");
        Assert.Equal(125, missing.ExitCode);
        Assert.Contains("could not get container for nosuch", missing.Error, StringComparison.Ordinal);
        var stopped = NewName();
        (await Docker.RunAsync($"create --name {stopped} busybox true")).Expect(0);
        var refused = await Docker.RunAsync($"run --rm --link {stopped}:x busybox true");
        Assert.Equal(125, refused.ExitCode);
        Assert.Contains("Cannot link to a non running container", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task The_old_flags_work(string client)
    {
        var (name, file) = (NewName(), Path.Combine(Daemon.Folder, Guid.NewGuid().ToString("N")));
        (await Client(client).RunAsync($"run -d --name {name} --cidfile {file} -c 512 --net none --expose 80-82 --expose 53/udp --isolation default busybox sleep 1000")).Expect(0);
        var inspect = await InspectAsync(name);
        Assert.Equal((string)inspect["Id"]!, await File.ReadAllTextAsync(file));
        Assert.Equal(512, (int)inspect["HostConfig"]!["CpuShares"]!);
        Assert.Equal("none", (string?)inspect["HostConfig"]!["NetworkMode"]);
        Assert.Equal(["53/udp", "80/tcp", "81/tcp", "82/tcp"], inspect["Config"]!["ExposedPorts"]!.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
        Assert.NotEqual(0, (await Client(client).RunAsync($"run --rm --cidfile {file} busybox true")).ExitCode);
        Assert.Contains("hyperv", (await Client(client).RunAsync("run --rm --isolation hyperv busybox true")).Expect(125).Error, StringComparison.Ordinal);
        Assert.Contains("lxc-conf", (await Client(client).RunAsync("run --rm --lxc-conf a=b busybox true")).Expect(125).Error, StringComparison.Ordinal);
        File.Delete(file);
    }
}
