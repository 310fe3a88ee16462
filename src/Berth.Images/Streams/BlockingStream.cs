using Berth.Archives.Streams;

namespace Berth.Images.Streams;

/// <summary>
/// Reads a stream that is asynchronous only (a request's body) from a thread that may wait. For threads of their own, never the
/// pool's: what completes the read needs those.
/// </summary>
internal sealed class BlockingStream(Stream source, CancellationToken cancellationToken) : ReadOnlyStream
{
    private readonly byte[] _buffer = new byte[128 * 1024];
    private int _start;
    private int _end;

    public override int Read(Span<byte> buffer)
    {
        if (_start == _end)
        {
            (_start, _end) = (0, source.ReadAsync(_buffer, cancellationToken).AsTask().GetAwaiter().GetResult());
        }

        var count = Math.Min(buffer.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }
}
