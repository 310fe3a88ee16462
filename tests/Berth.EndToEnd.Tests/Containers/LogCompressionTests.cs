using System.IO.Compression;
using System.Text;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Containers;

/// <summary>Rotated files of a log that are compressed, and logs that are read over them.</summary>
public sealed class LogCompressionTests(SharedDaemon shared) : EndToEndTest(shared)
{
    private const int Lines = 4000;
    private const string Rotation = "--log-opt max-size=20k --log-opt max-file=100";

    private static readonly string[] _all = [.. Enumerable.Range(0, Lines).Select(i => $"line {i} of the log")];

    [Theory]
    [InlineData("docker", "json-file", "--log-opt compress=true")]
    [InlineData("berth", "json-file", "--log-opt compress=true")]
    [InlineData("docker", "local", "")]
    [InlineData("berth", "local", "")]
    public async Task Rotated_files_are_compressed_and_read_as_if_they_were_not(string client, string driver, string option)
    {
        var name = NewName();
        (await Docker.ScriptAsync($"run -d --name {name} --log-driver {driver} {Rotation} {option} busybox", Writing("sleep 100000"))).Expect(0);
        await Eventually.HoldsAsync("all is logged", async () => (await Docker.RunAsync($"logs -n 1 {name}")).Expect(0).Line == "end");
        string[] all = [.. _all, "end"];
        if (!Daemon.IsDockerd)
        {
            var log = await LogAsync(name, driver);
            await Eventually.HoldsAsync("a file is compressed", () => Rotated(log).Any(f => f.EndsWith(".gz", StringComparison.Ordinal)));
        }

        Assert.Equal(all, (await Client(client).RunAsync($"logs {name}")).Expect(0).Lines);
        Assert.Equal(all[^2500..], (await Client(client).RunAsync($"logs -n 2500 {name}")).Expect(0).Lines);
        var times = (await Client(client).RunAsync($"logs -t {name}")).Expect(0).Lines.Select(l => l.Split(' ')[0]).ToArray();
        var first = Array.IndexOf(times, times[1000]);
        Assert.Equal(all[first..], (await Client(client).RunAsync($"logs --since {times[1000]} {name}")).Expect(0).Lines);
        var last = Array.LastIndexOf(times, times[1000]);
        Assert.Equal(all[..(last + 1)], (await Client(client).RunAsync($"logs --until {times[1000]} {name}")).Expect(0).Lines);
    }

    [Theory]
    [InlineData("docker", "json-file")]
    [InlineData("berth", "local")]
    public async Task A_followed_log_goes_on_while_its_files_are_compressed(string client, string driver)
    {
        Assert.SkipWhen(Daemon.IsDockerd, "20.10 loses lines where a file is compressed while it is followed");
        var name = NewName();
        (await Docker.ScriptAsync($"create --name {name} --log-driver {driver} {Rotation} --log-opt compress=true busybox", Writing("sleep 0.2"))).Expect(0);
        (await Docker.RunAsync($"start {name}")).Expect(0);
        Assert.Equal([.. _all, "end"], (await Client(client).RunAsync($"logs -f {name}")).Expect(0).Lines);
        Assert.Equal([.. _all, "end"], (await Client(client).RunAsync($"logs {name}")).Expect(0).Lines);
    }

    [Fact]
    public async Task All_are_compressed_by_and_by_also_after_the_container_ended_and_keep_what_they_held()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "looks at our own files");
        var name = NewName();
        (await Docker.ScriptAsync($"run --name {name} {Rotation} --log-opt compress=true busybox", Writing("true"))).Expect(0);
        var log = await LogAsync(name, "json-file");
        await Eventually.HoldsAsync("none is plain", () => Rotated(log).All(f => f.EndsWith(".gz", StringComparison.Ordinal)) && !File.Exists(log + ".part"));
        var text = new StringBuilder();
        foreach (var file in Enumerable.Range(1, Rotated(log).Count).Reverse().Select(i => $"{log}.{i}.gz"))
        {
            using var unpacked = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
            text.Append(await unpacked.ReadToEndAsync());
        }

        text.Append(await File.ReadAllTextAsync(log));
        Assert.Equal(Lines + 1, text.ToString().Count(c => c == '\n'));
        Assert.Equal([.. _all, "end"], (await Docker.RunAsync($"logs {name}")).Expect(0).Lines);
    }

    [Fact]
    public async Task What_a_cut_off_compression_leaves_shows_no_line_twice_and_loses_none()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "makes our own files");
        var name = NewName();
        (await Docker.ScriptAsync($"run --name {name} {Rotation} busybox", Writing("true"))).Expect(0);
        var log = await LogAsync(name, "json-file");

        // Complete, but the plain one is still there; and one that was not completed.
        await using (var compressed = new GZipStream(File.Create($"{log}.2.gz"), CompressionMode.Compress))
        {
            await compressed.WriteAsync(await File.ReadAllBytesAsync($"{log}.2"), TestContext.Current.CancellationToken);
        }

        await File.WriteAllBytesAsync($"{log}.part", [0x1f, 0x8b, 8], TestContext.Current.CancellationToken);
        Assert.Equal([.. _all, "end"], (await Docker.RunAsync($"logs {name}")).Expect(0).Lines);
    }

    [Theory]
    [InlineData("--log-opt compress=true --log-opt max-size=1m --log-opt max-file=1")]
    [InlineData("--log-opt compress=true --log-opt max-size=-1 --log-opt max-file=1")]
    [InlineData("--log-opt compress=perhaps --log-opt max-size=1m --log-opt max-file=2")]
    public async Task Compression_without_rotation_or_sense_is_refused(string options)
    {
        var refused = await Docker.RunAsync($"run --rm {options} busybox true");
        Assert.Equal(125, refused.ExitCode);
        Assert.Contains(options.Contains("perhaps", StringComparison.Ordinal) ? "perhaps" : "compress cannot be true when max-file is less than 2", refused.Error, StringComparison.Ordinal);
    }

    private static string Writing(string then) => $"i=0; while [ $i -lt {Lines} ]; do echo line $i of the log; i=$((i+1)); done; echo end; {then}";

    private static List<string> Rotated(string log) =>
        [.. Directory.GetFiles(Path.GetDirectoryName(log)!).Where(f => f.StartsWith(log + ".", StringComparison.Ordinal) && !f.EndsWith(".part", StringComparison.Ordinal))];

    /// <summary>The driver local tells no path.</summary>
    private async Task<string> LogAsync(string name, string driver)
    {
        var id = (string)(await InspectAsync(name))["Id"]!;
        return Path.Combine(Daemon.DataRoot, "containers", id, driver == "local" ? "container.log" : $"{id}-json.log");
    }
}
