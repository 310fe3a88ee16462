using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Containers;

public sealed class LogsTests(SharedDaemon shared) : EndToEndTest(shared)
{
    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task All_the_tail_and_each_stream(string client)
    {
        var name = NewName();
        (await Docker.ScriptAsync($"run --name {name} busybox", "for i in 1 2 3 4 5; do echo line $i; done; sleep 0.1; echo problem >&2")).Expect(0);
        var all = (await Client(client).RunAsync($"logs {name}")).Expect(0);
        Assert.Equal(["line 1", "line 2", "line 3", "line 4", "line 5"], all.Lines);
        Assert.Equal("problem\n", all.Error);
        Assert.Equal(["line 5"], (await Client(client).RunAsync($"logs --tail 2 {name}")).Expect(0).Lines);
        Assert.Equal(5, (await Client(client).RunAsync($"logs --tail -1 {name}")).Expect(0).Lines.Count);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z line 1$", (await Client(client).RunAsync($"logs -t {name}")).Expect(0).Lines[0]);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Followed_they_end_with_the_container(string client)
    {
        var name = NewName();
        (await Docker.RunAsync("run", "-d", "--name", name, "busybox", "sh", "-c", "for i in 1 2 3 4 5 6 7 8 9 10; do echo $i; sleep 0.05; done")).Expect(0);
        Assert.Equal(10, (await Client(client).RunAsync($"logs -f {name}")).Expect(0).Lines.Count);
    }

    [Fact]
    public async Task Binary_output_and_lines_over_a_buffer_stay_as_they_were()
    {
        var name = NewName();
        var run = (await Docker.ScriptAsync($"run --name {name} busybox", "head -c 40000 /dev/zero | tr '\\0' x; echo; printf '\\001<&>\\\"\\n'")).Expect(0);
        var logs = (await Docker.RunAsync($"logs {name}")).Expect(0);
        Assert.Equal(run.Output, logs.Output);
        Assert.Equal(40000, logs.Lines[0].Length);
    }

    [Fact]
    public async Task The_log_file_has_dockers_form()
    {
        var name = NewName();
        (await Docker.ScriptAsync($"run --name {name} busybox", "echo a; echo '<b>' >&2")).Expect(0);
        var path = (string)(await InspectAsync(name))["LogPath"]!;
        var lines = await File.ReadAllLinesAsync(path);
        Assert.Equal(2, lines.Length);
        Assert.Contains(lines, line => line.StartsWith("""{"log":"a\n","stream":"stdout","time":"20""", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("""{"log":"\u003cb\u003e\n","stream":"stderr","time":"20""", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rotation_keeps_the_newest_lines()
    {
        var name = NewName();
        (await Docker.ScriptAsync(
            $"run --name {name} --log-opt max-size=10k --log-opt max-file=2 busybox",
            "i=0; while [ $i -lt 1000 ]; do echo line $i; i=$((i+1)); done")).Expect(0);
        var folder = Path.GetDirectoryName((string)(await InspectAsync(name))["LogPath"]!)!;
        var files = Directory.GetFiles(folder, "*-json.log*");
        Assert.Equal(2, files.Length);
        Assert.All(files, file => Assert.InRange(new FileInfo(file).Length, 1, 10_400));
        var lines = (await Docker.RunAsync($"logs {name}")).Expect(0).Lines;
        Assert.Equal("line 999", lines[^1]);
        Assert.Equal(Enumerable.Range(1000 - lines.Count, lines.Count).Select(i => $"line {i}"), lines);
    }
}
