using System.Buffers;
using Berth.Archives.Streams;

namespace Berth.Images.Streams;

/// <summary>
/// Carries blocks of bytes from the thread that receives an archive to the one that unpacks it, so that both work at once. The
/// receiver is held back when the other falls behind.
/// </summary>
/// <remarks>A monitor and not a BlockingCollection: that one spins before it waits, which a machine with few processors feels.</remarks>
internal sealed class Handover : ReadOnlyStream
{
    public const int BlockSize = 128 * 1024;
    private const int BlocksMax = 8;

    private readonly Queue<ArraySegment<byte>> _blocks = new(BlocksMax);
    private bool _complete;
    private bool _left;
    private ArraySegment<byte> _current;

    /// <summary>Hands a block of the shared pool over; it belongs to the reader from now on. Dropped where the reader is gone.</summary>
    public void Give(ArraySegment<byte> block)
    {
        lock (_blocks)
        {
            while (_blocks.Count == BlocksMax && !_left)
            {
                Monitor.Wait(_blocks);
            }

            if (_left)
            {
                ArrayPool<byte>.Shared.Return(block.Array!);
                return;
            }

            _blocks.Enqueue(block);
            Monitor.Pulse(_blocks);
        }
    }

    /// <summary>Nothing more comes.</summary>
    public void Complete()
    {
        lock (_blocks)
        {
            _complete = true;
            Monitor.Pulse(_blocks);
        }
    }

    /// <summary>The unpacker reads no more: what is given from now on is dropped.</summary>
    public void Leave()
    {
        lock (_blocks)
        {
            _left = true;
            while (_blocks.TryDequeue(out var block))
            {
                ArrayPool<byte>.Shared.Return(block.Array!);
            }

            Monitor.Pulse(_blocks);
        }
    }

    public override int Read(Span<byte> buffer)
    {
        if (_current.Count == 0 && !TryTake())
        {
            return 0;
        }

        var count = Math.Min(buffer.Length, _current.Count);
        _current.AsSpan(0, count).CopyTo(buffer);
        _current = _current[count..];
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Release();
        }

        base.Dispose(disposing);
    }

    private bool TryTake()
    {
        Release();
        lock (_blocks)
        {
            while (_blocks.Count == 0 && !_complete)
            {
                Monitor.Wait(_blocks);
            }

            Monitor.Pulse(_blocks);
            return _blocks.TryDequeue(out _current);
        }
    }

    private void Release()
    {
        if (_current.Array is { } array)
        {
            ArrayPool<byte>.Shared.Return(array);
            _current = default;
        }
    }
}
