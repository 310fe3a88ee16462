using System.Buffers.Binary;

namespace Berth.Monitor;

/// <summary>What the payload of a frame is.</summary>
public enum FrameKind : byte
{
    /// <summary>Bytes for the process's standard input. A frame of length 0 is its end of file.</summary>
    Stdin = 0,
    Stdout = 1,
    Stderr = 2,

    /// <summary>One JSON document: a <see cref="MonitorRequest"/> towards the monitor, a <see cref="MonitorReply"/> from it.</summary>
    Message = 3,
}

/// <summary>
/// The header of every frame on a monitor's socket. It is Docker's own stdcopy header (one byte of kind, three of zero,
/// the payload's length as a big-endian 32-bit number), so that output reaches a client's connection without being framed anew.
/// </summary>
public readonly record struct FrameHeader(FrameKind Kind, int Length)
{
    public const int Size = 8;

    /// <summary>The most that one frame may carry, in bytes; a longer one is an error of protocol, and its connection is closed.</summary>
    public const int MaxLength = 16 * 1024 * 1024;

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, (byte)Kind);
        BinaryPrimitives.WriteInt32BigEndian(destination[4..], Length);
    }

    /// <returns>False where the bytes are no header of ours: an unknown kind, or a length out of range.</returns>
    public static bool TryRead(ReadOnlySpan<byte> source, out FrameHeader header)
    {
        header = new FrameHeader((FrameKind)source[0], BinaryPrimitives.ReadInt32BigEndian(source[4..]));
        return source[0] <= (byte)FrameKind.Message && header.Length is >= 0 and <= MaxLength;
    }
}
