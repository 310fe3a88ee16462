using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
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

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_missing_working_directory_is_126_or_127_also_when_the_exec_is_inspected(string client)
    {
        var name = await RunSleeperAsync();
        var expected = Daemon.IsDockerd ? 126 : 127;
        foreach (var (directory, text) in ((string, string)[])[("/nosuch", "no such file or directory"), ("/etc/passwd", "not a directory")])
        {
            var exec = (await Client(client).RunAsync($"exec -w {directory} {name} true")).Expect(expected);
            Assert.Contains($"chdir to cwd (\"{directory}\") set in config.json failed: {text}", exec.Output + exec.Error, StringComparison.Ordinal);
            var id = await CreateAsync(name, new { AttachStdout = true, Cmd = new[] { "true" }, WorkingDir = directory });
            using var start = await Daemon.Http.PostAsJsonAsync($"exec/{id}/start", new { Detach = true });
            Assert.Equal(HttpStatusCode.BadRequest, start.StatusCode);
            var inspect = (await Daemon.Http.GetFromJsonAsync<JsonNode>($"exec/{id}/json"))!;
            Assert.Equal((false, expected), ((bool)inspect["Running"]!, (int)inspect["ExitCode"]!));
        }
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_relative_working_directory_is_refused_when_it_starts(string client)
    {
        const string refusal = "OCI runtime exec failed: exec failed: Cwd must be an absolute path";
        var name = await RunSleeperAsync();
        foreach (var directory in (string[])["tmp", "./tmp", "..", "."])
        {
            var exec = (await Client(client).RunAsync($"exec -w {directory} {name} true")).Expect(126);
            Assert.Contains(refusal, exec.Output + exec.Error, StringComparison.Ordinal);
            Assert.Contains(refusal, (await Client(client).RunAsync($"exec -d -w {directory} {name} true")).Expect(1).Error, StringComparison.Ordinal);
            var id = await CreateAsync(name, new { AttachStdout = true, Cmd = new[] { "true" }, WorkingDir = directory });
            using var start = await Daemon.Http.PostAsJsonAsync($"exec/{id}/start", new { Detach = true });
            Assert.Equal(Daemon.IsDockerd ? HttpStatusCode.InternalServerError : HttpStatusCode.BadRequest, start.StatusCode);
            Assert.Contains(refusal, await start.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            var inspect = (await Daemon.Http.GetFromJsonAsync<JsonNode>($"exec/{id}/json"))!;
            Assert.Equal((false, 126), ((bool)inspect["Running"]!, (int)inspect["ExitCode"]!));
        }
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_start_is_told_of_also_where_nothing_can_be_run(string client)
    {
        var name = await RunSleeperAsync();
        foreach (var words in (string[])["nosuch", "/etc/passwd x", "-u nosuch true", "-w /nosuch false", "-d none"])
        {
            var options = words.StartsWith('-') ? words[..(words.LastIndexOf(' ') + 1)] : "";
            Assert.NotEqual(0, (await Client(client).RunAsync($"exec {options}{name} {words[options.Length..]}")).ExitCode);
        }

        using var answer = await Daemon.Http.GetAsync($"events?since=0&until={TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 1}&filters={Uri.EscapeDataString($$"""{"container":["{{name}}"],"event":["exec_create","exec_start"]}""")}");
        var actions = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => ((string)JsonNode.Parse(line)!["Action"]!).TrimEnd());
        string[] commands = ["nosuch", "/etc/passwd x", "true", "false", "none"];
        Assert.Equal(commands.SelectMany(c => (string[])[$"exec_create: {c}", $"exec_start: {c}"]), actions);
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
        var exec = Docker.RunAsync($"exec {name} sleep 4321");
        await Eventually.HoldsAsync("the exec runs", async () => (await Docker.RunAsync($"top {name}")).Output.Contains("sleep 4321", StringComparison.Ordinal));
        (await Docker.RunAsync($"kill {name}")).Expect(0);
        (await exec).Expect(137);
    }

    [Fact]
    public async Task A_container_with_ptrace_never_sees_an_exec_whose_root_is_the_hosts()
    {
        var ofTheHost = typeof(ExecTests).Assembly.Location;
        var looking = $"echo ready; while :; do for p in /proc/[0-9]*; do [ -e $p/root{ofTheHost} ] && echo root of $p; "
            + "[ $p = /proc/1 ] || for f in $p/fd/[3-9] $p/fd/[1-9][0-9]; do [ -L $f ] && echo $f: $(readlink $f); done; done; done";
        var name = NewName();
        (await Docker.ScriptAsync($"run -d --name {name} --cap-add SYS_PTRACE busybox", looking)).Expect(0);
        for (var i = 0; i < 40; i++)
        {
            (await Docker.RunAsync($"exec {name} true")).Expect(0);
        }

        (await Docker.RunAsync($"kill {name}")).Expect(0);
        Assert.Equal("ready\n", (await Docker.RunAsync($"logs {name}")).Expect(0).Output);
    }

    [Fact]
    public async Task One_that_was_never_started_is_shown_and_goes_with_the_end_of_its_container()
    {
        var name = await RunSleeperAsync();
        var ids = new[] { await CreateAsync(name, new { Cmd = new[] { "true" } }), await CreateAsync(name, new { Cmd = new[] { "true" } }) };
        Assert.Equal(ids.Order(), (await InspectAsync(name))["ExecIDs"]!.AsArray().Select(id => (string)id!).Order());
        (await Docker.RunAsync($"kill {name}")).Expect(0);
        await Eventually.HoldsAsync("they are gone", async () => (await InspectAsync(name))["ExecIDs"] is null);
        (await Docker.RunAsync($"start {name}")).Expect(0);
        using var start = await Daemon.Http.PostAsJsonAsync($"exec/{ids[0]}/start", new { Detach = true });
        Assert.Equal(404, (int)start.StatusCode);
        Assert.Contains($"No such exec instance: {ids[0]}", await start.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<string> CreateAsync(string container, object exec)
    {
        using var answer = await Daemon.Http.PostAsJsonAsync($"containers/{container}/exec", exec);
        return (string)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["Id"]!;
    }
}
