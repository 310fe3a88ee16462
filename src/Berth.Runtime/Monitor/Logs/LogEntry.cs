using System.Buffers;
using System.Text;

namespace Berth.Runtime.Monitor.Logs;

/// <summary>
/// One line of a json-file log, byte for byte as Docker writes it: <c>{"log":"…\n","stream":"stdout","time":"…"}</c>. Its string is
/// escaped as moby's jsonlog does: control characters, quotes and backslashes, the three characters of HTML, U+2028 and U+2029;
/// every byte that is no UTF-8 is U+FFFD of its own.
/// </summary>
internal static class LogEntry
{
    /// <summary>The most bytes that one byte of a line can become.</summary>
    internal const int MaxGrowth = 6;

    private static readonly SearchValues<byte> _special = SearchValues.Create(SpecialBytes());

    private static ReadOnlySpan<byte> Start => "{\"log\":\""u8;

    private static ReadOnlySpan<byte> Hexadecimal => "0123456789abcdef"u8;

    /// <summary>The most room that an entry takes.</summary>
    internal static int MaxLength(int lineLength, int tailLength) => Start.Length + (lineLength * MaxGrowth) + 2 + tailLength;

    /// <param name="line">What the process wrote, without the newline.</param>
    /// <param name="complete">A newline follows; otherwise this is part of a longer line.</param>
    /// <param name="tail">The rest of the entry from the closing quote on, the same for all lines of one read.</param>
    /// <param name="destination">At least <see cref="MaxLength"/> bytes.</param>
    /// <returns>The entry's length.</returns>
    internal static int Write(ReadOnlySpan<byte> line, bool complete, ReadOnlySpan<byte> tail, Span<byte> destination)
    {
        Start.CopyTo(destination);
        var written = Start.Length + WriteEscaped(line, destination[Start.Length..]);
        if (complete)
        {
            "\\n"u8.CopyTo(destination[written..]);
            written += 2;
        }

        tail.CopyTo(destination[written..]);
        return written + tail.Length;
    }

    /// <summary>Writes the inside of a JSON string.</summary>
    /// <returns>Its length, at most <see cref="MaxGrowth"/> times that of the text.</returns>
    internal static int WriteEscaped(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        var written = 0;
        while (true)
        {
            var plain = text.IndexOfAny(_special);
            if (plain < 0)
            {
                text.CopyTo(destination[written..]);
                return written + text.Length;
            }

            text[..plain].CopyTo(destination[written..]);
            written += plain;
            text = text[plain..];
            text = text[Escape(text, destination, ref written)..];
        }
    }

    /// <summary>Writes the character at the start of the text, which may not stand as it is.</summary>
    /// <returns>How many bytes of the text it was.</returns>
    private static int Escape(ReadOnlySpan<byte> text, Span<byte> destination, ref int written)
    {
        var first = text[0];
        switch (first)
        {
            case (byte)'"' or (byte)'\\':
                destination[written++] = (byte)'\\';
                destination[written++] = first;
                return 1;
            case (byte)'\n' or (byte)'\r':
                destination[written++] = (byte)'\\';
                destination[written++] = first == '\n' ? (byte)'n' : (byte)'r';
                return 1;
            case < 0x80:
                "\\u00"u8.CopyTo(destination[written..]);
                destination[written + 4] = Hexadecimal[first >> 4];
                destination[written + 5] = Hexadecimal[first & 0xf];
                written += 6;
                return 1;
        }

        if (Rune.DecodeFromUtf8(text, out var character, out var length) is not OperationStatus.Done)
        {
            // One byte at a time, as Go decodes: .NET would take the whole broken sequence as one character.
            "\\ufffd"u8.CopyTo(destination[written..]);
            written += 6;
            return 1;
        }

        if (character.Value is 0x2028 or 0x2029)
        {
            (character.Value == 0x2028 ? "\\u2028"u8 : "\\u2029"u8).CopyTo(destination[written..]);
            written += 6;
            return length;
        }

        text[..length].CopyTo(destination[written..]);
        written += length;
        return length;
    }

    private static byte[] SpecialBytes() =>
        [.. Enumerable.Range(0, 256).Where(b => b is < 0x20 or >= 0x80 or '"' or '\\' or '<' or '>' or '&').Select(b => (byte)b)];
}
