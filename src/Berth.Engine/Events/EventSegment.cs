using System.Globalization;
using System.Text.Json;
using Berth.Linux;
using Berth.Linux.Files;
using Microsoft.Win32.SafeHandles;

namespace Berth.Engine.Events;

/// <summary>
/// One file of the history: events as lines, only ever appended to. Its name is the number of its first event. Readers hold the
/// segment itself: one that was deleted can be read to its end all the same.
/// </summary>
internal sealed class EventSegment : IDisposable
{
    private const string Extension = ".jsonl";
    private const uint Mode = 0b110_000_000;
    private const int ReadSize = 64 * 1024;

    private readonly string _path;
    private readonly SafeFileHandle? _file;
    private AppendFile? _end;
    private long _length;

    private EventSegment(string path, long first, long count, SafeFileHandle? file, AppendFile? end, long length)
    {
        (_path, First, Count, _file, _end, _length) = (path, first, count, file, end, length);
    }

    /// <summary>It could not be made: there is nothing in it, and nothing can be written to it.</summary>
    public bool IsMissing => _file is null;

    /// <summary>The number of its first event.</summary>
    public long First { get; }

    /// <summary>How many events it has; of one that is complete the next segment's number tells.</summary>
    public long Count { get; private set; }

    /// <summary>The bytes that are whole events.</summary>
    public long Length => Volatile.Read(ref _length);

    /// <summary>The one after it; null: this is the last.</summary>
    public EventSegment? Next { get; set; }

    /// <summary>The segments in a directory, the oldest first.</summary>
    public static IEnumerable<(string Path, long First)> Find(string directory) =>
        from path in Directory.EnumerateFiles(directory, "*" + Extension)
        let name = Path.GetFileNameWithoutExtension(path)
        where long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        let first = long.Parse(name, CultureInfo.InvariantCulture)
        orderby first
        select (path, first);

    /// <summary>Begins a segment.</summary>
    public static EventSegment Create(string directory, long first)
    {
        var path = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{first:d19}{Extension}"));
        var end = AppendFile.Open(path, Mode);
        return new EventSegment(path, first, 0, OpenForReading(path), end, end.Length);
    }

    /// <summary>Stands in the place of one that could not be made.</summary>
    public static EventSegment Missing(long first) => new("", first, 0, file: null, end: null, 0);

    /// <summary>Opens one that an earlier daemon left, to be read.</summary>
    public static EventSegment Open(string path, long first)
    {
        var file = OpenForReading(path);
        var (count, length) = CountLines(file);
        return new EventSegment(path, first, count, file, end: null, length);
    }

    /// <returns>False where the file system does not take it.</returns>
    public bool TryAppend(ReadOnlySpan<byte> line)
    {
        if (_end?.TryAppend(line) != true)
        {
            return false;
        }

        Count++;
        Volatile.Write(ref _length, _end.Length);
        return true;
    }

    /// <summary>Goes on with the last segment of an earlier daemon. What is behind its last whole event is cut off.</summary>
    /// <exception cref="LinuxException">It cannot be written to.</exception>
    public void Resume()
    {
        _end = AppendFile.Open(_path, Mode);
        _end.Cut(_length);
    }

    /// <summary>No more is appended.</summary>
    public void Complete()
    {
        _end?.Dispose();
        _end = null;
    }

    /// <summary>Takes its name away. Its descriptor is closed when the last reader has left it.</summary>
    public void Delete()
    {
        if (!IsMissing)
        {
            File.Delete(_path);
        }
    }

    /// <summary>The events from an offset on, as far as they are there now, each with the offset behind it.</summary>
    public IEnumerable<(EngineEvent Event, long End)> Read(long offset)
    {
        var end = Length;
        var buffer = new byte[ReadSize];
        while (_file is not null && offset < end)
        {
            var length = RandomAccess.Read(_file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - offset)), offset);
            var start = 0;
            while (buffer.AsSpan(start, length - start).IndexOf((byte)'\n') is >= 0 and var newline)
            {
                var line = buffer.AsMemory(start, newline);
                start += newline + 1;
                if (TryParse(line.Span) is { } parsed)
                {
                    yield return (parsed, offset + start);
                }
            }

            offset += start;
            if (start == 0)
            {
                if (length < buffer.Length)
                {
                    yield break;
                }

                buffer = new byte[buffer.Length * 2];
            }
        }
    }

    public void Dispose()
    {
        _end?.Dispose();
        _file?.Dispose();
    }

    private static SafeFileHandle OpenForReading(string path) =>
        File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>What is behind the last newline was cut off by a crash.</summary>
    private static (long Count, long Length) CountLines(SafeFileHandle file)
    {
        var buffer = new byte[ReadSize];
        var (count, length, offset) = (0L, 0L, 0L);
        while (RandomAccess.Read(file, buffer, offset) is > 0 and var read)
        {
            var block = buffer.AsSpan(0, read);
            count += block.Count((byte)'\n');
            length = block.LastIndexOf((byte)'\n') is >= 0 and var last ? offset + last + 1 : length;
            offset += read;
        }

        return (count, length);
    }

    /// <returns>Null where the line was damaged.</returns>
    private static EngineEvent? TryParse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, EventJson.Default.EngineEvent);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
