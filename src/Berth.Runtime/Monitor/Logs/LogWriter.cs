using System.Text;
using Berth.Linux.Memory;
using Berth.Monitor;

namespace Berth.Runtime.Monitor.Logs;

/// <summary>Turns a container's output into entries of its log. A line is logged when its newline comes, or when 16 KB of it are there.</summary>
internal sealed class LogWriter : IDisposable
{
    /// <summary>Docker's size of a log line; what is longer is logged in parts, of which only the last ends with a newline.</summary>
    internal const int MaxLine = 16 * 1024;

    private const int BatchSize = 256 * 1024;

    private readonly LogForwarder? _forwarder;
    private readonly bool _isLocal;
    private readonly LogFile _file;
    private readonly LogStream _stdout;
    private readonly LogStream _stderr;
    private readonly MappedMemory _batch;
    private int _batched;

    /// <param name="plan">Where and how.</param>
    /// <param name="forwarder">Who else gets each entry; owned from here on.</param>
    internal LogWriter(LogPlan plan, LogForwarder? forwarder = null)
    {
        (_forwarder, _isLocal) = (forwarder, plan.Format is LogFormat.Local);
        _file = new LogFile(plan);
        var attributes = plan.Attributes is { Count: > 0 } all ? JsonOf(all) : "";
        _stdout = new LogStream(isStderr: false, plan.Format, attributes);
        _stderr = new LogStream(isStderr: true, plan.Format, attributes);
        _batch = new MappedMemory(Math.Max(BatchSize, LogEntry.MaxLength(MaxLine, _stderr.TailLength)));
    }

    /// <summary>Somebody who gets each entry has not taken them yet: nothing more is to be written before <see cref="OnFlushed"/>.</summary>
    internal bool IsBehind => _forwarder is { IsBehind: true };

    /// <summary>Told once, when the first entries could not be written.</summary>
    internal Action? OnLost
    {
        set => _file.OnLost = value;
    }

    internal Action? OnFlushed
    {
        set => _forwarder?.OnFlushed = value;
    }

    /// <summary>Logs what one read of the output gave; its lines share the time of the read.</summary>
    internal void Write(FrameKind kind, ReadOnlySpan<byte> output, DateTimeOffset time)
    {
        var stream = StreamOf(kind);
        var tail = stream.TailAt(time);
        while (output.Length > 0)
        {
            var room = MaxLine - stream.Held;
            var end = output[..Math.Min(room, output.Length)].IndexOf((byte)'\n');
            if (end < 0 && output.Length < room)
            {
                stream.Hold(output);
                break;
            }

            var part = output[..(end < 0 ? room : end)];
            output = output[(end < 0 ? room : end + 1)..];
            if (stream.Held > 0)
            {
                stream.Hold(part);
                part = stream.Release();
            }

            // All parts of a line carry the time of the first.
            Add(stream, part, complete: end >= 0, stream.IsInsideLine ? stream.LineTail : tail);
            _forwarder?.Send(kind, part, end >= 0, time);
            stream.SetInsideLine(end < 0, tail);
        }

        Flush();
    }

    /// <summary>The stream is at its end: logs what is left of a line without a newline.</summary>
    internal void End(FrameKind kind, DateTimeOffset time)
    {
        var stream = StreamOf(kind);
        if (stream.Held > 0)
        {
            var tail = stream.IsInsideLine ? stream.LineTail : stream.TailAt(time);
            var rest = stream.Release();
            Add(stream, rest, complete: false, tail);
            _forwarder?.Send(kind, rest, complete: true, time);
            Flush();
        }
    }

    /// <summary>Gives memory back that only a busy container needs.</summary>
    internal void Trim() => _batch.Release();

    public void Dispose()
    {
        _batch.Dispose();
        _file.Dispose();
        _forwarder?.Dispose();
    }

    private LogStream StreamOf(FrameKind kind) => kind is FrameKind.Stderr ? _stderr : _stdout;

    private void Add(LogStream stream, ReadOnlySpan<byte> line, bool complete, ReadOnlySpan<byte> tail)
    {
        if (_batch.Bytes.Length - _batched < LogEntry.MaxLength(line.Length, tail.Length))
        {
            Flush();
        }

        var length = _isLocal
            ? LocalEntry.Write(stream.IsStderr, line, complete, tail, _batch.Bytes[_batched..])
            : LogEntry.Write(line, complete, tail, _batch.Bytes[_batched..]);
        if (_batched + length > _file.Room && !(_file.IsEmpty && _batched == 0))
        {
            // The entry stays behind what was batched before it; that goes to the old file, the entry to the new one.
            var entry = _batch.Bytes.Slice(_batched, length);
            Flush();
            _file.Rotate();
            entry.CopyTo(_batch.Bytes);
        }

        _batched += length;
    }

    private void Flush()
    {
        if (_batched > 0)
        {
            _file.Append(_batch.Bytes[.._batched]);
            _batched = 0;
        }
    }

    /// <summary>The attributes as Go writes a map: sorted by key.</summary>
    private static string JsonOf(IReadOnlyDictionary<string, string> attributes) =>
        $",\"attrs\":{{{string.Join(',', attributes.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{Quote(a.Key)}:{Quote(a.Value)}"))}}}";

    private static string Quote(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var escaped = new byte[bytes.Length * LogEntry.MaxGrowth];
        return $"\"{Encoding.UTF8.GetString(escaped, 0, LogEntry.WriteEscaped(bytes, escaped))}\"";
    }
}
