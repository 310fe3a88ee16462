using Berth.Linux.Memory;
using Berth.Monitor;

namespace Berth.Runtime.Monitor;

/// <summary>The memory that all output passes through: one read of it, with room for a frame's header before.</summary>
internal sealed class OutputBuffer : IDisposable
{
    /// <summary>As much as a pipe holds.</summary>
    internal const int ReadSize = 64 * 1024;

    private readonly MappedMemory _memory = new(FrameHeader.Size + ReadSize);

    /// <summary>Where output is read to.</summary>
    internal Span<byte> Payload => _memory.Bytes[FrameHeader.Size..];

    /// <summary>The first bytes of <see cref="Payload"/> as a frame.</summary>
    internal ReadOnlySpan<byte> Frame(FrameKind kind, int length)
    {
        new FrameHeader(kind, length).Write(_memory.Bytes);
        return _memory.Bytes[..(FrameHeader.Size + length)];
    }

    internal void Trim() => _memory.Release();

    public void Dispose() => _memory.Dispose();
}
