using System.Net;
using System.Net.Http.Json;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Containers;

public sealed class ExecTests(SharedDaemon shared) : EndToEndTest(shared)
{
    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task It_runs_beside_the_first_process_and_gives_its_code(string client)
    {
        var name = await RunSleeperAsync();
        var exec = (await Client(client).ScriptAsync($"exec {name}", "cat /proc/1/comm; echo err >&2; exit 9")).Expect(9);
        Assert.Equal("sleep\n", exec.Output);
        Assert.Equal("err\n", exec.Error);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Environment_directory_and_user_are_its_own(string client)
    {
        var name = await RunSleeperAsync("-e FROM=run");
        var exec = await Client(client).ScriptAsync($"exec -e X=1 -w /tmp -u app {name}", "echo $X:$FROM:$PWD:$(id -u)");
        Assert.Equal("1:run:/tmp:1000", exec.Expect(0).Line);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Ten_megabytes_go_through_it_unchanged(string client)
    {
        var name = await RunSleeperAsync();
        var data = new byte[10 << 20];
        new Random(2).NextBytes(data);
        var exec = (await Client(client).InputAsync($"exec -i {name} cat", data)).Expect(0);
        Assert.True(data.AsSpan().SequenceEqual(exec.OutputBytes));
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_missing_program_is_126_or_127(string client)
    {
        var name = await RunSleeperAsync();
        Assert.Contains("executable file not found", (await Client(client).RunAsync($"exec {name} nosuch")).Output + (await Client(client).RunAsync($"exec {name} nosuch")).Error);
        (await Client(client).RunAsync($"exec {name} nosuch")).Expect(Daemon.IsDockerd ? 126 : 127);
    }

    [Fact]
    public async Task A_stopped_container_takes_none()
    {
        var name = NewName();
        (await Docker.RunAsync($"create --name {name} busybox true")).Expect(0);
        Assert.Contains("is not running", (await Docker.RunAsync($"exec {name} true")).Expect(1).Error);
    }

    [Fact]
    public async Task In_one_request_the_stream_ends_with_the_exit_code()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "Berth's own");
        var name = await RunSleeperAsync();
        using var exec = await Daemon.Http.PostAsJsonAsync($"containers/{name}/exec/run", new { AttachStdout = true, Cmd = new[] { "sh", "-c", "echo out; exit 300" } });
        Assert.Equal("\u0001\0\0\0\0\0\0\u0004out\n\u0004\0\0\0\0\0\0\u0004\0\0\0\u002c", await exec.Content.ReadAsStringAsync());
        using var terminal = await Daemon.Http.PostAsJsonAsync($"containers/{name}/exec/run", new { Tty = true, Cmd = new[] { "true" } });
        Assert.Equal(HttpStatusCode.BadRequest, terminal.StatusCode);
    }

    [Fact]
    public async Task Detached_it_goes_on_alone()
    {
        var name = await RunSleeperAsync();
        (await Docker.ScriptAsync($"exec -d {name}", "sleep 0.1; echo done > /tmp/mark")).Expect(0);
        await Eventually.HoldsAsync("the mark is there", async () => (await Docker.RunAsync($"exec {name} cat /tmp/mark")).Line == "done");
    }

    [Fact]
    public async Task It_has_the_containers_limits_and_no_more_rights()
    {
        var name = await RunSleeperAsync("--pids-limit 40 --cap-drop CHOWN");
        var exec = await Docker.ScriptAsync($"exec {name}", "awk '/CapEff/ { print $2 }' /proc/self/status; cat /proc/1/cgroup > /tmp/1; cat /proc/self/cgroup | diff - /tmp/1 && echo same");
        Assert.Equal(["00000000a80425fa", "same"], exec.Expect(0).Lines);
    }

    [Fact]
    public async Task It_ends_with_the_container()
    {
        var name = await RunSleeperAsync();
        var exec = Docker.RunAsync($"exec {name} sleep 1000");
        await Eventually.HoldsAsync("the exec runs", async () => (await InspectAsync(name))["ExecIDs"] is not null);
        (await Docker.RunAsync($"kill {name}")).Expect(0);
        (await exec).Expect(137);
    }
}
