using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
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
        Assert.Equal(Lines + 1, (await UnpackAsync(log)).Count(c => c == '\n'));
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
    [InlineData("CONT")]
    [InlineData("KILL")]
    public async Task Two_that_compress_one_log_lose_nothing_also_where_the_first_is_killed_half_way(string signal)
    {
        Assert.SkipWhen(Daemon.IsDockerd, "looks at our own files");
        const int lines = 8000;
        var name = NewName();
        var script = $"awk 'BEGIN {{ for (i = 0; i < 4000; i++) pad = pad \"x\"; for (i = 0; i < {lines}; i++) print i, pad }}'";
        (await Docker.ScriptAsync($"create --name {name} --log-opt compress=true --log-opt max-size=8m --log-opt max-file=100 busybox", script)).Expect(0);
        var log = await LogAsync(name, "json-file");
        var runs = 0;
        string? first = null;
        while (first is null)
        {
            Assert.InRange(++runs, 1, 10);
            (await Docker.RunAsync($"start {name}")).Expect(0);
            var ended = Docker.RunAsync($"wait {name}");
            while (first is null && !ended.IsCompleted)
            {
                first = await StopHalfWayAsync(log);
            }

            (await ended).Expect(0);
        }

        try
        {
            // Every rotation starts another: they meet one that stands still, then one that works, or what a killed one has left.
            string[] signals = signal == "KILL" ? ["KILL"] : ["", "CONT"];
            foreach (var next in signals)
            {
                if (next != "")
                {
                    (await Shell.RunAsync("kill", [$"-{next}", first])).Expect(0);
                }

                runs++;
                (await Docker.RunAsync($"start -a {name}")).Expect(0);
            }
        }
        finally
        {
            if (CompressorOf(log) == first)
            {
                await Shell.RunAsync("kill", ["-CONT", first]);
            }
        }

        await Eventually.HoldsAsync(
            "none is plain, and nobody is at work",
            () => Rotated(log).All(f => f.EndsWith(".gz", StringComparison.Ordinal)) && CompressorOf(log) is null && !File.Exists($"{log}.part"));
        var text = await UnpackAsync(log);
        var numbers = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (string)JsonNode.Parse(line)!["log"]!).Select(line => line[..line.IndexOf(' ')]);
        Assert.Equal(Enumerable.Repeat(Enumerable.Range(0, lines), runs).SelectMany(run => run).Select(i => $"{i}"), numbers);
        Assert.DoesNotContain("Unhandled exception", Daemon.Log, StringComparison.Ordinal);
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

    /// <summary>All that the files of a log hold, in its order.</summary>
    private static async Task<string> UnpackAsync(string log)
    {
        var text = new StringBuilder();
        foreach (var file in Enumerable.Range(1, Rotated(log).Count).Reverse().Select(i => $"{log}.{i}.gz"))
        {
            using var unpacked = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
            text.Append(await unpacked.ReadToEndAsync());
        }

        return text.Append(await File.ReadAllTextAsync(log)).ToString();
    }

    /// <summary>Makes the one that compresses the log stand still with a file that is not complete.</summary>
    /// <returns>Its process id; null where there is none, or it stands where others would wait for it.</returns>
    private static async Task<string?> StopHalfWayAsync(string log)
    {
        if (CompressorOf(log) is not { } id)
        {
            return null;
        }

        await Shell.RunAsync("kill", ["-STOP", id]);
        if (new FileInfo($"{log}.part") is { Exists: true, Length: > 0 } && CompressorOf(log) == id
            && (await Shell.RunAsync("flock", ["-n", Path.GetDirectoryName(log)!, "true"])).ExitCode == 0)
        {
            return id;
        }

        await Shell.RunAsync("kill", ["-CONT", id]);
        return null;
    }

    /// <summary>The process that has the log's unfinished file.</summary>
    private static string? CompressorOf(string log)
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(p => char.IsAsciiDigit(Path.GetFileName(p)[0])))
        {
            try
            {
                if (File.ReadAllText($"{process}/comm") == "berth-log-gzip\n"
                    && Directory.EnumerateFiles($"{process}/fd").Any(fd => File.ResolveLinkTarget(fd, returnFinalTarget: false)?.FullName == $"{log}.part"))
                {
                    return Path.GetFileName(process);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It ended between the listing and the reading.
            }
        }

        return null;
    }

    /// <summary>The driver local tells no path.</summary>
    private async Task<string> LogAsync(string name, string driver)
    {
        var id = (string)(await InspectAsync(name))["Id"]!;
        return Path.Combine(Daemon.DataRoot, "containers", id, driver == "local" ? "container.log" : $"{id}-json.log");
    }
}
