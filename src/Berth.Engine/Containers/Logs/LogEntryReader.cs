using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Berth.Engine.Containers.Logs;

/// <summary>
/// One entry of a json-file log, <c>{"log":"…","stream":"stdout","attrs":{…},"time":"…"}</c>, taken apart as bytes: logs are long,
/// and a JSON reader for each line would cost more than all the rest. Or one of a local log (<see cref="Monitor.LogFormat.Local"/>).
/// </summary>
internal readonly ref struct LogEntryReader
{
    private static readonly SearchValues<byte> _quoteOrEscape = SearchValues.Create("\"\\"u8);

    private const int LocalStamp = 16;

    private readonly bool _isLocal;

    private LogEntryReader(ReadOnlySpan<byte> text, bool isStderr, bool endsLine, ReadOnlySpan<byte> attributes, ReadOnlySpan<byte> time)
    {
        EscapedText = text;
        IsStderr = isStderr;
        EndsLine = endsLine;
        Attributes = attributes;
        Time = time;
    }

    /// <param name="letter">Of the stream; a capital where the entry ends its line.</param>
    /// <param name="stamp">Hexadecimal nanoseconds.</param>
    /// <param name="text">As the process wrote it, without the newline.</param>
    private LogEntryReader(char letter, ReadOnlySpan<byte> stamp, ReadOnlySpan<byte> text)
        : this(text, letter is 'e' or 'E', char.IsAsciiLetterUpper(letter), attributes: default, stamp) => _isLocal = true;

    private static ReadOnlySpan<byte> Start => "{\"log\":\""u8;

    private static ReadOnlySpan<byte> StdoutMark => ",\"stream\":\"stdout\""u8;

    private static ReadOnlySpan<byte> StderrMark => ",\"stream\":\"stderr\""u8;

    private static ReadOnlySpan<byte> TimeMark => ",\"time\":\""u8;

    private static ReadOnlySpan<byte> AttributesMark => ",\"attrs\":"u8;

    public ReadOnlySpan<byte> EscapedText { get; }

    public bool IsStderr { get; }

    /// <summary>The object's JSON; empty where there is none.</summary>
    public ReadOnlySpan<byte> Attributes { get; }

    /// <summary>As it stands: RFC 3339 in UTC, or a local entry's stamp.</summary>
    public ReadOnlySpan<byte> Time { get; }

    /// <summary>A line ends with it; otherwise it is part of a longer one.</summary>
    public bool EndsLine { get; }

    /// <summary>The most bytes that <see cref="Unescape"/> writes.</summary>
    public int MaxLength => EscapedText.Length + 1;

    /// <param name="line">Without the newline after it.</param>
    /// <returns>False where this is no entry: cut off by a crash, or written by another program.</returns>
    public static bool TryParse(ReadOnlySpan<byte> line, out LogEntryReader entry)
    {
        entry = default;
        if (!line.StartsWith(Start))
        {
            return TryParseLocal(line, out entry);
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
        var text = rest[..end];
        entry = new LogEntryReader(
            text,
            isStderr,
            EndsWithNewline(text),
            attributes.StartsWith(AttributesMark) ? attributes[AttributesMark.Length..] : default,
            tail[(time + TimeMark.Length)..^2]);
        return true;
    }

    /// <summary>Writes the text as the process wrote it.</summary>
    /// <returns>Its length, at most <see cref="MaxLength"/>.</returns>
    public int Unescape(Span<byte> destination)
    {
        if (_isLocal)
        {
            EscapedText.CopyTo(destination);
            destination[EscapedText.Length] = (byte)'\n';
            return EscapedText.Length + (EndsLine ? 1 : 0);
        }

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
        if (_isLocal)
        {
            _ = Utf8Parser.TryParse(Time, out long nanoseconds, out _, 'x');
            var time = DateTime.UnixEpoch.AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
            time.TryFormat(destination, out _, "yyyy-MM-ddTHH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture);
            return;
        }

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

    private static bool TryParseLocal(ReadOnlySpan<byte> line, out LogEntryReader entry)
    {
        entry = default;
        if (line.Length <= LocalStamp || line[0] is not ((byte)'o' or (byte)'O' or (byte)'e' or (byte)'E')
            || !Utf8Parser.TryParse(line[1..(LocalStamp + 1)], out long nanoseconds, out var length, 'x') || length != LocalStamp || nanoseconds < 0)
        {
            return false;
        }

        entry = new LogEntryReader((char)line[0], line[1..(LocalStamp + 1)], line[(LocalStamp + 1)..]);
        return true;
    }

    /// <summary>The last two characters are an escaped newline, and not a backslash that was escaped and an n.</summary>
    private static bool EndsWithNewline(ReadOnlySpan<byte> text)
    {
        if (!text.EndsWith("\\n"u8))
        {
            return false;
        }

        var backslashes = text[..^1].Length - (text[..^1].LastIndexOfAnyExcept((byte)'\\') + 1);
        return backslashes % 2 == 1;
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
