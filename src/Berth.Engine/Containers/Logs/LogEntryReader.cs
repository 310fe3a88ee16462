using System.Buffers;
using System.Globalization;
using System.Text;

namespace Berth.Engine.Containers.Logs;

/// <summary>
/// One entry of a json-file log, <c>{"log":"…","stream":"stdout","attrs":{…},"time":"…"}</c>, taken apart as bytes: logs are long,
/// and a JSON reader for each line would cost more than all the rest.
/// </summary>
internal readonly ref struct LogEntryReader
{
    private static readonly SearchValues<byte> _quoteOrEscape = SearchValues.Create("\"\\"u8);

    private LogEntryReader(ReadOnlySpan<byte> text, bool isStderr, ReadOnlySpan<byte> attributes, ReadOnlySpan<byte> time)
    {
        EscapedText = text;
        IsStderr = isStderr;
        Attributes = attributes;
        Time = time;
    }

    private static ReadOnlySpan<byte> Start => "{\"log\":\""u8;

    private static ReadOnlySpan<byte> StdoutMark => ",\"stream\":\"stdout\""u8;

    private static ReadOnlySpan<byte> StderrMark => ",\"stream\":\"stderr\""u8;

    private static ReadOnlySpan<byte> TimeMark => ",\"time\":\""u8;

    private static ReadOnlySpan<byte> AttributesMark => ",\"attrs\":"u8;

    public ReadOnlySpan<byte> EscapedText { get; }

    public bool IsStderr { get; }

    /// <summary>The object's JSON; empty where there is none.</summary>
    public ReadOnlySpan<byte> Attributes { get; }

    /// <summary>As it stands: RFC 3339 in UTC.</summary>
    public ReadOnlySpan<byte> Time { get; }

    /// <summary>A line ends with it; otherwise it is part of a longer one.</summary>
    public bool EndsLine => EscapedText.EndsWith("\\n"u8) && !EscapedText.EndsWith("\\\\n"u8);

    /// <param name="line">Without the newline after it.</param>
    /// <returns>False where this is no entry: cut off by a crash, or written by another program.</returns>
    public static bool TryParse(ReadOnlySpan<byte> line, out LogEntryReader entry)
    {
        entry = default;
        if (!line.StartsWith(Start))
        {
            return false;
        }

        var rest = line[Start.Length..];
        var end = 0;
        while (true)
        {
            var next = rest[end..].IndexOfAny(_quoteOrEscape);
            if (next < 0 || end + next + 1 >= rest.Length)
            {
                return false;
            }

            end += next;
            if (rest[end] == '"')
            {
                break;
            }

            end += 2;
        }

        var tail = rest[(end + 1)..];
        var isStderr = tail.StartsWith(StderrMark);
        var time = tail.LastIndexOf(TimeMark);
        if ((!isStderr && !tail.StartsWith(StdoutMark)) || time < 0 || !tail.EndsWith("\"}"u8))
        {
            return false;
        }

        var attributes = tail[StdoutMark.Length..time];
        entry = new LogEntryReader(
            rest[..end],
            isStderr,
            attributes.StartsWith(AttributesMark) ? attributes[AttributesMark.Length..] : default,
            tail[(time + TimeMark.Length)..^2]);
        return true;
    }

    /// <summary>Writes the text as the process wrote it.</summary>
    /// <returns>Its length, at most that of the escaped text.</returns>
    public int Unescape(Span<byte> destination)
    {
        var source = EscapedText;
        var written = 0;
        while (true)
        {
            var plain = source.IndexOf((byte)'\\');
            if (plain < 0)
            {
                source.CopyTo(destination[written..]);
                return written + source.Length;
            }

            source[..plain].CopyTo(destination[written..]);
            written += plain;
            source = source[plain..];
            source = source[UnescapeOne(source, destination, ref written)..];
        }
    }

    /// <summary>Docker's fixed form: nine digits after the point, so that texts compare as times do.</summary>
    public void WriteTime(Span<byte> destination)
    {
        const int Whole = 19;
        "0000-00-00T00:00:00.000000000Z"u8.CopyTo(destination);
        Time[..Math.Min(Whole, Time.Length)].CopyTo(destination);
        if (Time.Length > Whole && Time[Whole] == '.')
        {
            var digits = Time[(Whole + 1)..];
            var length = digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            digits[..Math.Min(length < 0 ? digits.Length : length, 9)].CopyTo(destination[(Whole + 1)..]);
        }
    }

    private static int UnescapeOne(ReadOnlySpan<byte> source, Span<byte> destination, ref int written)
    {
        if (source.Length >= 6 && source[1] == 'u' && TryHex(source[2..6], out var unit))
        {
            var length = 6;
            if (char.IsHighSurrogate((char)unit) && source.Length >= 12 && source[6] == '\\' && source[7] == 'u'
                && TryHex(source[8..12], out var low) && char.IsLowSurrogate((char)low))
            {
                unit = char.ConvertToUtf32((char)unit, (char)low);
                length = 12;
            }

            written += (Rune.TryCreate(unit, out var rune) ? rune : Rune.ReplacementChar).EncodeToUtf8(destination[written..]);
            return length;
        }

        if (source.Length < 2)
        {
            return source.Length;
        }

        destination[written++] = source[1] switch
        {
            (byte)'n' => (byte)'\n',
            (byte)'r' => (byte)'\r',
            (byte)'t' => (byte)'\t',
            (byte)'b' => (byte)'\b',
            (byte)'f' => (byte)'\f',
            var other => other,
        };
        return 2;
    }

    private static bool TryHex(ReadOnlySpan<byte> text, out int value) =>
        int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
