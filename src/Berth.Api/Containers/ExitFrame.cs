using System.Buffers.Binary;

namespace Berth.Api.Containers;

/// <summary>
/// The last frame of <c>POST /containers/{id}/exec/run</c>: the program's exit code, behind the header that every frame of output
/// has (a byte for the stream, three of zero, the length as a big-endian 32-bit number).
/// </summary>
public static class ExitFrame
{
    /// <summary>Stands where other frames name their stream. Docker's own end with 3.</summary>
    public const byte Stream = 4;

    /// <summary>The exit code as a big-endian 32-bit number.</summary>
    public const int PayloadSize = 4;

    private const int HeaderSize = 8;

    public static byte[] Of(int exitCode)
    {
        var frame = new byte[HeaderSize + PayloadSize];
        frame[0] = Stream;
        frame[HeaderSize - 1] = PayloadSize;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(HeaderSize), exitCode);
        return frame;
    }

    /// <param name="payload">What follows the header; <see cref="PayloadSize"/> bytes.</param>
    public static int ReadExitCode(ReadOnlySpan<byte> payload) => BinaryPrimitives.ReadInt32BigEndian(payload);
}
