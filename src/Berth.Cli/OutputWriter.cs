using System.Buffers;
using System.Text;

namespace Berth.Cli;

/// <summary>Text for a standard stream, gathered and written at once.</summary>
sealed class OutputWriter(Stream stream)
{
    private const int Threshold = 32 * 1024;

    private readonly ArrayBufferWriter<byte> _pending = new(1024);

    public void Write(string text)
    {
        Encoding.UTF8.GetBytes(text, _pending);
        if (_pending.WrittenCount >= Threshold)
        {
            Flush();
        }
    }

    public void WriteLine(string text)
    {
        Write(text);
        Write("\n");
    }

    /// <summary>Writes bytes at once, after what is pending.</summary>
    public void WriteNow(ReadOnlySpan<byte> bytes)
    {
        Flush();
        stream.Write(bytes);
    }

    public void Flush()
    {
        if (_pending.WrittenCount > 0)
        {
            stream.Write(_pending.WrittenSpan);
            _pending.ResetWrittenCount();
        }
    }
}
