using System.Globalization;
using System.Text;
using Berth.Engine.Containers.Logs;

namespace Berth.Engine.Tests.Containers.Logs;

public sealed class LogFormatterTests
{
    private const string Log =
        """
        {"log":"one \u003c\"\\\u00e9\n","stream":"stdout","time":"2026-11-21T10:00:00.5Z"}
        {"log":"two\n","stream":"stderr","time":"2026-11-21T10:00:01Z"}
        no entry at all
        {"log":"part, ","stream":"stdout","time":"2026-11-21T10:00:02.123456789Z"}
        {"log":"rest\n","stream":"stdout","attrs":{"a":"b"},"time":"2026-11-21T10:00:02.123456789Z"}

        """;

    [Fact]
    public void Entries_become_what_the_process_wrote() =>
        Assert.Equal("one <\"\\é\ntwo\npart, rest\n", Format(new LogQuery { Stdout = true, Stderr = true }));

    [Fact]
    public void Streams_are_told_apart()
    {
        Assert.Equal("two\n", Format(new LogQuery { Stderr = true }));
        Assert.Equal("\u0002\0\0\0\0\0\0\u0004two\n", Format(new LogQuery { Stderr = true }, raw: false));
    }

    [Fact]
    public void Timestamps_have_nine_digits_and_stand_once_in_a_line() =>
        Assert.Equal(
            "2026-11-21T10:00:00.500000000Z one <\"\\é\n2026-11-21T10:00:02.123456789Z part, rest\n",
            Format(new LogQuery { Stdout = true, Timestamps = true }));

    [Fact]
    public void Since_and_until_bound_the_log()
    {
        var second = DateTimeOffset.Parse("2026-11-21T10:00:01Z", CultureInfo.InvariantCulture);
        Assert.Equal("two\npart, rest\n", Format(new LogQuery { Stdout = true, Stderr = true, Since = second }));
        Assert.Equal("one <\"\\é\ntwo\n", Format(new LogQuery { Stdout = true, Stderr = true, Until = second }));
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "part, rest\n")]
    [InlineData(2, "two\npart, rest\n")]
    [InlineData(9, "one <\"\\é\ntwo\npart, rest\n")]
    public void The_tail_counts_lines_and_not_their_parts(int lines, string expected)
    {
        var path = Path.GetTempFileName();
        try
        {
            var log = Log.Replace("no entry at all\n", "", StringComparison.Ordinal);
            File.WriteAllText(path, log);
            using var file = File.OpenHandle(path);
            var (_, offset) = LogTail.Find([file], lines);
            Assert.Equal(expected, Format(new LogQuery { Stdout = true, Stderr = true }, log: Encoding.UTF8.GetBytes(log)[(int)offset..]));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Format(LogQuery query, bool raw = true, byte[]? log = null)
    {
        var formatter = new LogFormatter(query, raw);
        formatter.Add(log ?? Encoding.UTF8.GetBytes(Log));
        return Encoding.UTF8.GetString(formatter.Output.Span);
    }
}
