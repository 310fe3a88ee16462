using System.Globalization;
using System.Text;
using Berth.Linux.Files;

namespace Berth.Cli.Connection;

/// <summary>The body of a request, gathered into large chunks.</summary>
sealed class ChunkedOutput(Stream connection) : SequentialStream
{
    private const int Size = 256 * 1024;

    // A chunk is sent with the line before it and the line end after it in one write.
    private const int LineSize = 8;

    private readonly byte[] _chunk = new byte[LineSize + Size + 2];
    private int _length;

    public override bool CanRead => false;

    public override bool CanWrite => true;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var count = Math.Min(buffer.Length, Size - _length);
            buffer[..count].CopyTo(_chunk.AsSpan(LineSize + _length));
            buffer = buffer[count..];
            _length += count;
            if (_length == Size)
            {
                Flush();
            }
        }
    }

    public override void Flush()
    {
        if (_length == 0)
        {
            return;
        }

        // Zeros before the number fill the line up to its place.
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{_length:x6}\r\n"), _chunk);
        "\r\n"u8.CopyTo(_chunk.AsSpan(LineSize + _length));
        connection.Write(_chunk, 0, LineSize + _length + 2);
        _length = 0;
    }

    /// <summary>Ends the body.</summary>
    public void End()
    {
        Flush();
        connection.Write("0\r\n\r\n"u8);
    }
}
