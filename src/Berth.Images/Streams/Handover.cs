using System.Buffers;
using System.Collections.Concurrent;

namespace Berth.Images.Streams;

/// <summary>
/// Carries blocks of bytes from the thread that receives an archive to the one that unpacks it, so that both work at once. The
/// receiver is held back when the other falls behind.
/// </summary>
internal sealed class Handover : ReadOnlyStream
{
    public const int BlockSize = 128 * 1024;
    private const int BlocksMax = 8;

    private readonly BlockingCollection<ArraySegment<byte>> _blocks = new(BlocksMax);
    private readonly CancellationTokenSource _readerGone = new();
    private ArraySegment<byte> _current;

    /// <summary>Hands a block over; it belongs to the pool of the reader from now on. Dropped where the reader is gone.</summary>
    public void Give(ArraySegment<byte> block)
    {
        try
        {
            _blocks.Add(block, _readerGone.Token);
        }
        catch (OperationCanceledException)
        {
            ArrayPool<byte>.Shared.Return(block.Array!);
        }
    }

    /// <summary>Nothing more comes.</summary>
    public void Complete() => _blocks.CompleteAdding();

    /// <summary>The unpacker reads no more: what is given from now on is dropped.</summary>
    public void Leave()
    {
        _readerGone.Cancel();
        while (_blocks.TryTake(out var block))
        {
            ArrayPool<byte>.Shared.Return(block.Array!);
        }
    }

    public override int Read(Span<byte> buffer)
    {
        if (_current.Count == 0)
        {
            Release();
            if (!_blocks.TryTake(out _current, Timeout.Infinite))
            {
                return 0;
            }
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

    private void Release()
    {
        if (_current.Array is { } array)
        {
            ArrayPool<byte>.Shared.Return(array);
            _current = default;
        }
    }
}
