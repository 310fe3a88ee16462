using System.Globalization;

namespace Berth.Cli.Options;

/// <summary>Amounts of memory: <c>512m</c>, <c>1.5GiB</c>, <c>1024</c>. The units are powers of 1024.</summary>
static class ByteSize
{
    private const string Units = "kmgtp";

    /// <exception cref="FormatException">It is no size.</exception>
    public static long Parse(string text)
    {
        var end = text.AsSpan().LastIndexOfAny("0123456789. ");
        if (end < 0)
        {
            throw new FormatException($"invalid size: '{text}'");
        }

        var (number, suffix) = (text[..(text[end] == ' ' ? end : end + 1)], text[(end + 1)..].ToLowerInvariant());
        if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var size) || size < 0)
        {
            throw new FormatException($"invalid size: '{text}'");
        }

        if (suffix is "" or "b")
        {
            return Whole(size, text);
        }

        var unit = Units.IndexOf(suffix[0], StringComparison.Ordinal);
        if (unit < 0 || suffix[1..] is not ("" or "b" or "ib"))
        {
            throw new FormatException($"invalid suffix: '{suffix}'");
        }

        return Whole(size * Math.Pow(1024, unit + 1), text);
    }

    /// <summary>As a size, or -1 for no limit.</summary>
    public static long ParseOrUnlimited(string text) => text == "-1" ? -1 : Parse(text);

    private static long Whole(double size, string text) =>
        size < long.MaxValue ? (long)size : throw new FormatException($"invalid size: '{text}'");
}
