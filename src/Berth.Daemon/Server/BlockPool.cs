using System.Buffers;
using System.Collections.Concurrent;

namespace Berth.Daemon.Server;

/// <summary>Blocks of memory for the pipes of all connections: large, as an archive is moved by the block; a few are kept for the next.</summary>
sealed class BlockPool : MemoryPool<byte>
{
    private const int BlockSize = 64 * 1024;

    // What one copy at full speed has in use; more come and go with several at once.
    private const int KeptMax = 48;

    private readonly ConcurrentQueue<Block> _kept = new();

    public override int MaxBufferSize => BlockSize;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
        return _kept.TryDequeue(out var block) ? block : new Block(this);
    }

    protected override void Dispose(bool disposing) => _kept.Clear();

    private sealed class Block(BlockPool pool) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(BlockSize, pinned: true);

        public void Dispose()
        {
            if (pool._kept.Count < KeptMax)
            {
                pool._kept.Enqueue(this);
            }
        }
    }
}
