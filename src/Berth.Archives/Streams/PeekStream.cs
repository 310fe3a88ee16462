using System.Buffers;

namespace Berth.Archives.Streams;

/// <summary>Buffers a stream, for the small reads of a tar reader and for a look at the first bytes before they are read.</summary>
public sealed class PeekStream(Stream source) : ReadOnlyStream
{
    private const int Size = 64 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(Size);
    private int _start;
    private int _end;

    /// <summary>The next bytes, left in place; fewer where the stream ends before.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        while (_end < count && source.Read(_buffer.AsSpan(_end)) is > 0 and var read)
        {
            _end += read;
        }

        return _buffer.AsSpan(0, Math.Min(count, _end));
    }

    public override int Read(Span<byte> buffer)
    {
        if (_start == _end)
        {
            if (buffer.Length >= Size)
            {
                return source.Read(buffer);
            }

            (_start, _end) = (0, source.Read(_buffer));
        }

        var count = Math.Min(buffer.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && _buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            (_start, _end) = (0, 0);
            source.Dispose();
        }

        base.Dispose(disposing);
    }
}
