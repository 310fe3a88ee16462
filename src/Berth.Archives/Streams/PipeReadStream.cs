using System.Buffers;
using System.IO.Pipelines;

namespace Berth.Archives.Streams;

/// <summary>
/// Reads a pipe, such as a request's body, from a thread that may wait: never one of the pool, as what fills the pipe needs those.
/// Bytes are copied once, from the pipe to the reader's own buffer.
/// </summary>
public sealed class PipeReadStream(PipeReader pipe, CancellationToken cancellationToken) : ReadOnlyStream
{
    private ReadOnlySequence<byte> _buffer;
    private bool _holds;
    private bool _ended;
    private long _taken;
    private volatile bool _waits;

    /// <summary>How many bytes were read from the pipe, where the next ones are being waited for; null while there are some. For any thread.</summary>
    public long? WaitsAfter => _waits ? Volatile.Read(ref _taken) : null;

    public override int Read(Span<byte> buffer)
    {
        while (_buffer.IsEmpty)
        {
            if (_holds)
            {
                pipe.AdvanceTo(_buffer.End);
                _holds = false;
            }

            if (_ended)
            {
                return 0;
            }

            if (!pipe.TryRead(out var result))
            {
                _waits = true;
                result = pipe.ReadAsync(cancellationToken).AsTask().GetAwaiter().GetResult();
                _waits = false;
            }

            (_buffer, _holds, _ended) = (result.Buffer, true, result.IsCompleted);
            Volatile.Write(ref _taken, _taken + _buffer.Length);
        }

        var count = (int)Math.Min(_buffer.Length, buffer.Length);
        _buffer.Slice(0, count).CopyTo(buffer);
        _buffer = _buffer.Slice(count);
        return count;
    }

    /// <summary>Gives back what was not read: whoever ends the pipe reads on from there.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && _holds)
        {
            pipe.AdvanceTo(_buffer.Start);
            (_buffer, _holds, _ended) = (default, false, true);
        }

        base.Dispose(disposing);
    }
}
