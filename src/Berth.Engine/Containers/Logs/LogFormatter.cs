using System.Globalization;
using System.Text;
using System.Text.Json;
using Berth.Monitor;

namespace Berth.Engine.Containers.Logs;

/// <summary>Turns entries of a log into what a client gets of it.</summary>
internal sealed class LogFormatter(LogQuery query, bool raw)
{
    /// <summary>Length of a time in Docker's fixed form.</summary>
    public const int TimeLength = 30;

    private readonly byte[]? _since = FixedTime(query.Since);
    private readonly byte[]? _until = FixedTime(query.Until);
    private byte[] _output = new byte[256 * 1024];
    private int _length;
    private bool _insideStdoutLine;
    private bool _insideStderrLine;

    /// <summary>An entry was later than what is wanted: no more follow.</summary>
    public bool IsPastEnd { get; private set; }

    public ReadOnlyMemory<byte> Output => _output.AsMemory(0, _length);

    public void Clear() => _length = 0;

    /// <summary>Adds whole entries, each with its newline.</summary>
    public void Add(ReadOnlySpan<byte> entries)
    {
        while (entries.IndexOf((byte)'\n') is >= 0 and var end && !IsPastEnd)
        {
            if (LogEntryReader.TryParse(entries[..end], out var entry))
            {
                Add(entry);
            }

            entries = entries[(end + 1)..];
        }
    }

    private void Add(LogEntryReader entry)
    {
        ref var inside = ref entry.IsStderr ? ref _insideStderrLine : ref _insideStdoutLine;
        var startsLine = !inside;
        inside = !entry.EndsLine;
        Span<byte> time = stackalloc byte[TimeLength];
        if (query.Timestamps || _since is not null || _until is not null)
        {
            entry.WriteTime(time);
            IsPastEnd = _until is not null && time.SequenceCompareTo(_until) > 0;
            if (IsPastEnd || (_since is not null && time.SequenceCompareTo(_since) < 0))
            {
                return;
            }
        }

        if (!(entry.IsStderr ? query.Stderr : query.Stdout))
        {
            return;
        }

        Reserve(FrameHeader.Size + TimeLength + 1 + (4 * entry.Attributes.Length) + entry.MaxLength);
        var start = _length;
        _length += raw ? 0 : FrameHeader.Size;
        if (query.Timestamps && startsLine)
        {
            Write(time);
            Write(" "u8);
        }

        if (query.Details && startsLine)
        {
            Write(Details(entry.Attributes));
            Write(" "u8);
        }

        _length += entry.Unescape(_output.AsSpan(_length));
        if (!raw)
        {
            var kind = entry.IsStderr ? FrameKind.Stderr : FrameKind.Stdout;
            new FrameHeader(kind, _length - start - FrameHeader.Size).Write(_output.AsSpan(start));
        }
    }

    /// <summary>A time as the entries' are compared with it.</summary>
    public static byte[]? FixedTime(DateTimeOffset? time) => time is { } known
        ? Encoding.ASCII.GetBytes(known.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture))
        : null;

    /// <summary>The attributes as Docker shows them: key=value with commas between, escaped as in a URL.</summary>
    private static byte[] Details(ReadOnlySpan<byte> attributes)
    {
        if (attributes.IsEmpty)
        {
            return [];
        }

        var reader = new Utf8JsonReader(attributes);
        using var document = JsonDocument.ParseValue(ref reader);
        return Encoding.UTF8.GetBytes(string.Join(
            ',',
            document.RootElement.EnumerateObject().Select(a => $"{Uri.EscapeDataString(a.Name)}={Uri.EscapeDataString(a.Value.ToString())}")));
    }

    private void Write(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_output.AsSpan(_length));
        _length += text.Length;
    }

    private void Reserve(int more)
    {
        if (_output.Length - _length < more)
        {
            Array.Resize(ref _output, Math.Max(_output.Length * 2, _length + more));
        }
    }
}
