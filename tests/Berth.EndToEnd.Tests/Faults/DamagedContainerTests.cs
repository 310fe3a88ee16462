using System.Globalization;
using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Faults;

/// <summary>Records that cannot be read, or that another release wrote: nothing is lost for it (issue 9, number 10).</summary>
public sealed class DamagedContainerTests : IAsyncLifetime
{
    private Daemon? _daemon;

    private Daemon Daemon => _daemon!;

    private Client Docker => Daemon.Docker;

    private string Containers => Path.Combine(Daemon.DataRoot, "containers");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the end-to-end tests need root");
        Assert.SkipWhen(Daemon.IsDockerd, "it looks into Berth's data root");
        _daemon = await Daemon.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("empty")]
    [InlineData("torn")]
    [InlineData("type")]
    [InlineData("missing")]
    public async Task A_running_container_whose_record_cannot_be_read_runs_on_is_shown_and_can_be_removed(string damage)
    {
        var id = (await Docker.RunAsync("run", "-d", "--name", "kept", "-v", "/data", "busybox", "sh", "-c", "echo mine > /written; exec sleep 1000")).Expect(0).Line;
        await Eventually.HoldsAsync("it has written", async () => (await Docker.RunAsync("exec kept cat /written")).ExitCode == 0);
        var pid = (await Docker.RunAsync("inspect -f {{.State.Pid}} kept")).Expect(0).Line;
        await Daemon.KillAsync();
        var left = Damage(id, damage);
        await Daemon.StartProcessAsync();

        Assert.True(Directory.Exists($"/proc/{pid}"), "the container was killed");
        Assert.Equal("mine\n", await File.ReadAllTextAsync(Path.Combine(Containers, id, "upper/written")));
        Assert.Contains(Daemon.Log.Split('\n'), line => line.Contains("level=error", StringComparison.Ordinal) && line.Contains(id, StringComparison.Ordinal));
        Assert.Equal([id], (await Docker.RunAsync("ps -aq --no-trunc")).Expect(0).Lines);
        Assert.Equal($"running {pid}", (await Docker.RunAsync("inspect", "-f", "{{.State.Status}} {{.State.Pid}}", id)).Expect(0).Line);
        Assert.Contains("cannot be read", (await Docker.RunAsync("inspect -f {{.State.Error}} " + id)).Expect(0).Line, StringComparison.Ordinal);
        Assert.Equal("mine", (await Docker.RunAsync($"exec {id} cat /written")).Expect(0).Line);

        // Nothing that it may need goes away, and nothing is written over what could not be read.
        var volumes = Directory.GetDirectories(Path.Combine(Daemon.DataRoot, "volumes"));
        (await Docker.RunAsync("container prune -f")).Expect(0);
        (await Docker.RunAsync("volume prune -f")).Expect(0);
        await Docker.RunAsync("rmi -f busybox");
        Assert.Equal(volumes, Directory.GetDirectories(Path.Combine(Daemon.DataRoot, "volumes")));
        Assert.Equal("/bin/busybox", (await Docker.RunAsync($"exec {id} ls /bin/busybox")).Expect(0).Line);
        (await Docker.RunAsync($"rm {id}")).Expect(1);
        (await Docker.RunAsync($"stop -t 0 {id}")).Expect(0);
        Assert.Contains("damaged", (await Docker.RunAsync($"start {id}")).Expect(1).Error, StringComparison.Ordinal);
        Assert.Equal(left, File.Exists(RecordOf(id)) ? await File.ReadAllBytesAsync(RecordOf(id)) : null);
        (await Docker.RunAsync("container prune -f")).Expect(0);

        await Daemon.TerminateAsync();
        await Daemon.StartProcessAsync();
        Assert.Equal([id], (await Docker.RunAsync("ps -aq --no-trunc")).Expect(0).Lines);
        Assert.StartsWith("Dead", (await Docker.RunAsync("ps -a --format {{.Status}}")).Expect(0).Line, StringComparison.Ordinal);
        (await Docker.RunAsync($"rm -v {id}")).Expect(0);
        Assert.Empty(Directory.GetFileSystemEntries(Containers));
        Assert.Empty((await Docker.RunAsync("ps -aq")).Expect(0).Lines);
    }

    [Fact]
    public async Task A_damaged_container_that_runs_is_removed_with_force()
    {
        var id = (await Docker.RunAsync("run -d --name gone busybox sleep 1000")).Expect(0).Line;
        var pid = (await Docker.RunAsync("inspect -f {{.State.Pid}} gone")).Expect(0).Line;
        await Daemon.KillAsync();
        Directory.Move(Path.Combine(Containers, id), Path.Combine(Daemon.Folder, "aside"));
        await Daemon.StartProcessAsync();
        Assert.True(Directory.Exists($"/proc/{pid}"), "a container whose directory is gone was killed");
        Assert.Equal($"{id} gone", (await Docker.RunAsync("ps", "--no-trunc", "--format", "{{.ID}} {{.Names}}")).Expect(0).Line);
        (await Docker.RunAsync("rm -f gone")).Expect(0);
        await Eventually.HoldsAsync("it has ended", () => !Directory.Exists($"/proc/{pid}") && Leftovers.CgroupsBelow(Daemon.Bridge).Count == 0);
    }

    [Fact]
    public async Task A_record_of_another_release_is_read_with_tolerance_and_loses_nothing()
    {
        var id = (await Docker.RunAsync("run -d --name other --restart on-failure:3 -m 64m --stop-timeout 7 busybox sleep 1000")).Expect(0).Line;
        await Daemon.KillAsync();
        var record = JsonNode.Parse(await File.ReadAllTextAsync(RecordOf(id)))!;
        Assert.True((int)record["Version"]! >= 1);
        record["Version"] = 77;
        record["FromTheFuture"] = new JsonObject { ["a"] = 1 };
        record["State"]!["Status"] = "Hibernated";
        record["State"]!["ExitCode"] = "0";
        record["RestartCount"] = "2";
        record["StoppedByUser"] = "false";
        record["Config"]!["StopTimeout"] = "7";
        record["HostConfig"]!["Memory"] = "67108864";
        record["HostConfig"]!["RestartPolicy"]!["MaximumRetryCount"] = "3";
        record["HostConfig"]!["NewThing"] = true;
        await File.WriteAllTextAsync(RecordOf(id), record.ToJsonString());
        await Daemon.StartProcessAsync();
        const string Format = "{{.State.Status}} {{.RestartCount}} {{.HostConfig.Memory}} {{.HostConfig.RestartPolicy.MaximumRetryCount}} {{.Config.StopTimeout}}";
        Assert.Equal("running 2 67108864 3 7", (await Docker.RunAsync("inspect", "-f", Format, "other")).Expect(0).Line);
        (await Docker.RunAsync("stop -t 0 other")).Expect(0);
        (await Docker.RunAsync("rename other another")).Expect(0);
        Assert.Equal(1, (int)JsonNode.Parse(await File.ReadAllTextAsync(RecordOf(id)))!["FromTheFuture"]!["a"]!);
        (await Docker.RunAsync("start another")).Expect(0);
        (await Docker.RunAsync("rm -f another")).Expect(0);
    }

    [Fact]
    public async Task A_record_that_a_power_failure_tore_is_as_it_was_when_it_was_synced()
    {
        var id = (await Docker.RunAsync("create", "--name", "power", "-e", "WHO=me", "busybox", "sh", "-c", "echo $WHO")).Expect(0).Line;
        await Daemon.KillAsync();
        await File.WriteAllBytesAsync(RecordOf(id) + ".tmp", []);
        File.Move(RecordOf(id) + ".tmp", RecordOf(id), overwrite: true);
        await Daemon.StartProcessAsync();
        Assert.Contains("level=error msg=\"the record of a container could not be read\"", Daemon.Log, StringComparison.Ordinal);
        Assert.Equal("me", (await Docker.RunAsync("start -a power")).Expect(0).Line);
    }

    [Fact]
    public async Task Only_what_is_marked_is_undone()
    {
        await Daemon.KillAsync();
        var id = new string('a', 64);
        var created = Directory.CreateDirectory(Path.Combine(Containers, id + ".new", "upper")).Parent!;
        var removed = Directory.CreateDirectory(Path.Combine(Containers, id + ".removed", "upper")).Parent!;
        var foreign = Directory.CreateDirectory(Path.Combine(Containers, "lost+found", "thing")).Parent!;
        var bare = Directory.CreateDirectory(Path.Combine(Containers, new string('b', 64), "upper")).Parent!;
        await Daemon.StartProcessAsync();
        await Eventually.HoldsAsync("what is marked is gone", () => !created.Exists && !Directory.Exists(created.FullName) && !Directory.Exists(removed.FullName));
        Assert.True(Directory.Exists(Path.Combine(foreign.FullName, "thing")));
        Assert.True(Directory.Exists(Path.Combine(bare.FullName, "upper")));
        Assert.Contains($"directory=\"{foreign.FullName}\"", Daemon.Log, StringComparison.Ordinal);
        Assert.Equal([bare.Name], (await Docker.RunAsync("ps -aq --no-trunc")).Expect(0).Lines);
        (await Docker.RunAsync("rm", bare.Name)).Expect(0);
        foreign.Delete(recursive: true);
    }

    [Fact]
    public async Task A_monitor_that_does_not_answer_is_not_taken_for_a_dead_one()
    {
        var id = (await Docker.RunAsync("run -d --name silent busybox sleep 1000")).Expect(0).Line;
        var pid = (await Docker.RunAsync("inspect -f {{.State.Pid}} silent")).Line;
        var monitor = (await File.ReadAllLinesAsync($"/proc/{pid}/status")).Single(line => line.StartsWith("PPid:", StringComparison.Ordinal))[5..].Trim();
        (await Shell.RunAsync("kill", ["-STOP", monitor])).Expect(0);
        try
        {
            await Daemon.KillAsync();
            await Daemon.StartProcessAsync();
            Assert.True(Directory.Exists($"/proc/{pid}"), "it was killed");
            Assert.Equal("running", (await Docker.RunAsync("inspect -f {{.State.Status}} silent")).Expect(0).Line);
            (await Docker.RunAsync("stop silent")).Expect(1);
            (await Docker.RunAsync("rm -f silent")).Expect(0);
        }
        finally
        {
            await Shell.RunAsync("kill", ["-CONT", monitor]);
        }

        await Eventually.HoldsAsync("its monitor has ended", () => !Directory.Exists($"/proc/{monitor}"));
        Assert.False(Directory.Exists(Path.Combine(Containers, id)));
    }

    [Fact]
    public async Task A_record_of_a_network_that_cannot_be_read_stays_and_the_daemon_works()
    {
        await Daemon.KillAsync();
        var records = Directory.GetFiles(Path.Combine(Daemon.DataRoot, "networks"));
        foreach (var path in records)
        {
            await File.WriteAllTextAsync(path, "{\"Id\":" + path.Length.ToString(CultureInfo.InvariantCulture));
        }

        await Daemon.StartProcessAsync();
        (await Docker.RunAsync("run --rm busybox true")).Expect(0);
        Assert.All(records, path => Assert.StartsWith("{\"Id\":", File.ReadAllText(path), StringComparison.Ordinal));
    }

    private string RecordOf(string id) => Path.Combine(Containers, id, "container.json");

    /// <returns>What is left of the record; null: nothing.</returns>
    private byte[]? Damage(string id, string how)
    {
        var record = RecordOf(id);
        var content = File.ReadAllBytes(record);
        File.Delete(record);
        File.Delete(Path.Combine(Containers, id, "container.synced.json"));
        switch (how)
        {
            case "missing":
                return null;
            case "empty":
                content = [];
                break;
            case "torn":
                content = content[..(content.Length / 2)];
                break;
            default:
                var json = JsonNode.Parse(content)!;
                json["Mounts"] = "none";
                json["Config"]!["Labels"] = new JsonArray(1, 2);
                content = System.Text.Encoding.UTF8.GetBytes(json.ToJsonString());
                break;
        }

        File.WriteAllBytes(record, content);
        return content;
    }
}
