using System.Buffers.Text;
using System.Numerics;
using Berth.Linux.Files;

namespace Berth.Archives.Tar;

/// <summary>How numbers and times are written in headers.</summary>
internal static class TarNumber
{
    /// <summary>Octal digits with blanks or zeros around; or, with the highest bit set, a big-endian two's complement (GNU, star).</summary>
    public static long Parse(ReadOnlySpan<byte> field)
    {
        if ((field[0] & 0x80) != 0)
        {
            return ParseBinary(field);
        }

        field = field.Trim(" \0"u8);
        if (field.IndexOf((byte)0) is >= 0 and var end)
        {
            field = field[..end];
        }

        long value = 0;
        foreach (var digit in field)
        {
            if (digit is < (byte)'0' or > (byte)'7' || value > long.MaxValue >> 3)
            {
                throw new TarException("invalid tar header");
            }

            value = (value << 3) | (uint)(digit - '0');
        }

        return value;
    }

    /// <summary>A decimal number of a PAX record, at least 0.</summary>
    public static long ParseDecimal(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out long value, out var used) && used == text.Length && value >= 0
            ? value
            : throw new TarException("invalid tar header");

    /// <summary>Seconds with an optional fraction, as in PAX records; what is finer than a nanosecond is dropped.</summary>
    public static FileTime ParseTime(ReadOnlySpan<byte> text)
    {
        var dot = text.IndexOf((byte)'.');
        var whole = dot < 0 ? text : text[..dot];
        if (!Utf8Parser.TryParse(whole, out long seconds, out var used) || used != whole.Length)
        {
            throw new TarException("invalid tar header");
        }

        uint nanoseconds = 0;
        var fraction = dot < 0 ? [] : text[(dot + 1)..];
        for (var i = 0; i < 9; i++)
        {
            var digit = i < fraction.Length ? fraction[i] : (byte)'0';
            if (!char.IsAsciiDigit((char)digit))
            {
                throw new TarException("invalid tar header");
            }

            nanoseconds = (nanoseconds * 10) + (uint)(digit - '0');
        }

        // -1.5 is half a second before -1; file systems count the nanoseconds upwards.
        return whole[0] == (byte)'-' && nanoseconds > 0
            ? new FileTime(seconds - 1, 1_000_000_000 - nanoseconds)
            : new FileTime(seconds, nanoseconds);
    }

    private static long ParseBinary(ReadOnlySpan<byte> field)
    {
        // The highest bit only marks the form; the next one is the sign.
        var bytes = field.ToArray();
        bytes[0] = (byte)((bytes[0] & 0x40) != 0 ? bytes[0] : bytes[0] & 0x7F);
        var value = new BigInteger(bytes, isUnsigned: false, isBigEndian: true);
        return value >= long.MinValue && value <= long.MaxValue ? (long)value : throw new TarException("invalid tar header");
    }
}
