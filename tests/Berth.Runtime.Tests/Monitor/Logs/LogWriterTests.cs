using System.Text;
using Berth.Monitor;
using Berth.Runtime.Monitor.Logs;

namespace Berth.Runtime.Tests.Monitor.Logs;

public sealed class LogWriterTests : IDisposable
{
    private static readonly DateTimeOffset _time = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("berth-log-");

    private string LogPath => Path.Combine(_directory.FullName, "json.log");

    [Fact]
    public void A_line_is_an_entry_as_Docker_writes_it() =>
        Assert.Equal("""{"log":"hello\n","stream":"stdout","time":"2026-03-04T05:06:07.12Z"}""" + "\n", Log(w => w.Write(FrameKind.Stdout, "hello\n"u8, _time.AddMilliseconds(120))));

    [Fact]
    public void A_time_of_a_whole_second_has_no_fraction() =>
        Assert.EndsWith("""
            "time":"2026-03-04T05:06:07Z"}

            """, Log(w => w.Write(FrameKind.Stderr, "x\n"u8, _time)), StringComparison.Ordinal);

    // Expected strings were written by dockerd 20.10.24 for the same bytes.
    [Theory]
    [InlineData("612209225C0D610A", """a\"\u0009\"\\\ra\n""")]
    [InlineData("3C613E2626007F1B5B316D0A", """\u003ca\u003e\u0026\u0026\u0000""" + "\u007f" + """\u001b[1m\n""")]
    [InlineData("C3A9E282ACF09F98800A", "é€😀\\n")]
    [InlineData("FFC3C328EDA080E282410A", """\ufffd\ufffd\ufffd(\ufffd\ufffd\ufffd\ufffd\ufffdA\n""")]
    [InlineData("E280A8E280A9EFBFBD0A", "\\u2028\\u2029\uFFFD\\n")]
    [InlineData("0A", """\n""")]
    public void Characters_are_escaped_as_Docker_does(string bytes, string expected) =>
        Assert.StartsWith($$"""{"log":"{{expected}}","stream":""", Log(w => w.Write(FrameKind.Stdout, Convert.FromHexString(bytes), _time)), StringComparison.Ordinal);

    [Fact]
    public void A_line_that_came_in_pieces_is_one_entry_with_the_time_of_its_end()
    {
        var log = Log(w =>
        {
            w.Write(FrameKind.Stdout, "one "u8, _time);
            w.Write(FrameKind.Stderr, "other\n"u8, _time.AddSeconds(1));
            w.Write(FrameKind.Stdout, "two\nthr"u8, _time.AddSeconds(2));
            w.End(FrameKind.Stdout, _time.AddSeconds(3));
            w.End(FrameKind.Stderr, _time.AddSeconds(3));
        });
        Assert.Equal(
            """
            {"log":"other\n","stream":"stderr","time":"2026-03-04T05:06:08Z"}
            {"log":"one two\n","stream":"stdout","time":"2026-03-04T05:06:09Z"}
            {"log":"thr","stream":"stdout","time":"2026-03-04T05:06:10Z"}

            """, log);
    }

    [Theory]
    [InlineData(16383, 7)]
    [InlineData(16384, 1000)]
    [InlineData(16385, 65536)]
    [InlineData(40960, 4096)]
    [InlineData(40960, 65536)]
    public void A_long_line_is_logged_in_parts_of_16_KB_whatever_the_reads(int length, int read)
    {
        var output = Encoding.ASCII.GetBytes(new string('x', length) + "\nnext\n");
        var log = Log(w =>
        {
            for (var i = 0; i < output.Length; i += read)
            {
                w.Write(FrameKind.Stdout, output.AsSpan(i, Math.Min(read, output.Length - i)), _time.AddSeconds(i));
            }
        });
        var entries = log.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((length / 16384) + 2, entries.Length);
        for (var i = 0; i < entries.Length - 2; i++)
        {
            Assert.StartsWith($$"""{"log":"{{new string('x', 16384)}}","stream""", entries[i], StringComparison.Ordinal);
            // All parts of a line carry one time.
            Assert.Equal(entries[0][^40..], entries[i][^40..]);
        }

        Assert.StartsWith($$"""{"log":"{{new string('x', length % 16384)}}\n","stream""", entries[^2], StringComparison.Ordinal);
        Assert.StartsWith("""{"log":"next\n",""", entries[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Attributes_stand_between_stream_and_time() =>
        Assert.Contains(
            """
            ,"stream":"stdout","attrs":{"a":"x\"\u003cé","b":"2"},"time":"
            """,
            Log(w => w.Write(FrameKind.Stdout, "x\n"u8, _time), new LogPlan { Path = LogPath, Attributes = new Dictionary<string, string> { ["b"] = "2", ["a"] = "x\"<é" } }),
            StringComparison.Ordinal);

    [Fact]
    public void A_full_file_is_rotated_before_it_grows_beyond_its_size_and_no_entry_is_torn()
    {
        var plan = new LogPlan { Path = LogPath, MaxSize = 1000, MaxFiles = 3 };
        Log(w =>
        {
            for (var i = 0; i < 40; i++)
            {
                w.Write(FrameKind.Stdout, Encoding.ASCII.GetBytes($"line {i}\nand {i}\n"), _time);
            }
        }, plan);
        Assert.Equal(["json.log", "json.log.1", "json.log.2"], _directory.GetFiles().Select(f => f.Name).Order());
        Assert.All(_directory.GetFiles(), f => Assert.InRange(f.Length, 1, 1000));
        var entries = File.ReadAllText($"{LogPath}.2") + File.ReadAllText($"{LogPath}.1") + File.ReadAllText(LogPath);
        var lines = entries.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, l => Assert.EndsWith("\"}", l, StringComparison.Ordinal));
        var expected = Enumerable.Range(0, 40).SelectMany(i => new[] { $"line {i}", $"and {i}" }).TakeLast(lines.Length);
        Assert.Equal(expected, lines.Select(l => l[8..l.IndexOf("\\n", StringComparison.Ordinal)]));
    }

    [Fact]
    public void With_one_file_to_keep_a_full_file_begins_anew()
    {
        Log(w => w.Write(FrameKind.Stdout, Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 100).Select(i => $"{i}\n"))), _time), new LogPlan { Path = LogPath, MaxSize = 500 });
        Assert.Single(_directory.GetFiles());
        Assert.InRange(new FileInfo(LogPath).Length, 1, 500);
        Assert.Contains("\"99\\n\"", File.ReadAllText(LogPath), StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_that_was_there_is_continued()
    {
        Log(w => w.Write(FrameKind.Stdout, "a\n"u8, _time));
        Assert.Equal(2, Log(w => w.Write(FrameKind.Stdout, "b\n"u8, _time)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private string Log(Action<LogWriter> write, LogPlan? plan = null)
    {
        using (var writer = new LogWriter(plan ?? new LogPlan { Path = LogPath }))
        {
            write(writer);
        }

        return File.ReadAllText(LogPath);
    }
}
