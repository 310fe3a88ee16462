using System.Globalization;
using System.Text;
using Berth.Engine.Containers.Logs;
using Microsoft.Win32.SafeHandles;

namespace Berth.Engine.Tests.Containers.Logs;

public sealed class LogSearchTests : IDisposable
{
    private static readonly DateTimeOffset _start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("berth-logs-");
    private readonly List<SafeFileHandle> _files = [];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_last_lines_begin_where_a_forward_count_says(bool local)
    {
        Write(local, seconds: 0, lines: 5000);
        Write(local, seconds: 5000, lines: 5000);
        foreach (var lines in (int[])[1, 2, 999, 5000, 5001, 7500, 10000])
        {
            var (file, offset) = LogTail.Find(_files, lines);
            Assert.Equal(10000 - lines, FirstFrom(file, offset));
        }

        Assert.Equal((0, 0), LogTail.Find(_files, 20000));
        Assert.Equal((1, RandomAccess.GetLength(_files[1])), LogTail.Find(_files, 0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Parts_of_a_line_are_one_line(bool local)
    {
        Append("one.log", [Entry(local, 0, "first", true), Entry(local, 1, new string('x', 70_000), false), Entry(local, 1, "end", true), Entry(local, 2, "open", false)]);
        Assert.Equal(Entry(local, 0, "first", true).Length, LogTail.Find(_files, 2).Offset);
        Assert.Equal(0, LogTail.Find(_files, 3).Offset);
        Assert.True(LogTail.Find(_files, 1).Offset > 70_000);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_time_is_found_close_to_its_place_and_never_behind_it(bool local)
    {
        Write(local, seconds: 0, lines: 20_000);
        Write(local, seconds: 20_000, lines: 20_000);
        foreach (var second in (int[])[0, 1, 9_999, 19_999, 20_000, 20_001, 35_000, 39_999, 50_000])
        {
            var (file, offset) = LogTimeSearch.Find(_files, LogFormatter.FixedTime(_start.AddSeconds(second)));
            var found = FirstFrom(file, offset);
            Assert.InRange(found, Math.Max(0, Math.Min(second, 40_000) - (local ? 24_000 : 14_000)), second);
        }
    }

    public void Dispose()
    {
        _files.ForEach(f => f.Dispose());
        _directory.Delete(recursive: true);
    }

    private static byte[] Entry(bool local, int second, string text, bool complete)
    {
        var time = _start.AddSeconds(second);
        return Encoding.UTF8.GetBytes(local
            ? string.Create(CultureInfo.InvariantCulture, $"{(complete ? 'O' : 'o')}{(time - DateTimeOffset.UnixEpoch).Ticks * 100:x16}{text}\n")
            : $$"""{"log":"{{text}}{{(complete ? "\\n" : "")}}","stream":"stdout","time":"{{time:yyyy-MM-ddTHH:mm:ssZ}}"}""" + "\n");
    }

    private void Write(bool local, int seconds, int lines) =>
        Append($"{seconds}.log", Enumerable.Range(seconds, lines).Select(i => Entry(local, i, i.ToString(CultureInfo.InvariantCulture), complete: true)));

    private void Append(string name, IEnumerable<byte[]> entries)
    {
        var path = Path.Combine(_directory.FullName, name);
        File.WriteAllBytes(path, [.. entries.SelectMany(e => e)]);
        _files.Add(File.OpenHandle(path));
    }

    private int FirstFrom(int file, long offset)
    {
        // The end of a file is the beginning of the next.
        (file, offset) = offset == RandomAccess.GetLength(_files[file]) ? (file + 1, 0) : (file, offset);
        var buffer = new byte[4096];
        var length = RandomAccess.Read(_files[file], buffer, offset);
        var line = buffer.AsSpan(0, length)[..buffer.AsSpan(0, length).IndexOf((byte)'\n')];
        Assert.True(LogEntryReader.TryParse(line, out var entry), $"an entry begins at {offset}: {Encoding.UTF8.GetString(line)}");
        var text = new byte[entry.MaxLength];
        return int.Parse(Encoding.UTF8.GetString(text, 0, entry.Unescape(text)), CultureInfo.InvariantCulture);
    }
}
