using System.Globalization;

namespace Berth.Cli.Formatting;

/// <summary>Amounts of bytes as people read them.</summary>
static class HumanSize
{
    private static readonly string[] _decimal = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
    private static readonly string[] _binary = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"];

    /// <summary>In powers of 1000, with this many significant digits.</summary>
    public static string Of(double bytes, int digits) => Format(bytes, 1000, _decimal, digits);

    /// <summary>In powers of 1024.</summary>
    public static string Binary(double bytes) => Format(bytes, 1024, _binary, 4);

    private static string Format(double size, double step, string[] units, int digits)
    {
        var unit = 0;
        while (size >= step && unit < units.Length - 1)
        {
            size /= step;
            unit++;
        }

        return Significant(size, digits) + units[unit];
    }

    /// <summary>Go's %.3g and %.4g: rounded to so many digits, without trailing zeroes, in powers of ten where the number has more.</summary>
    private static string Significant(double size, int digits)
    {
        var text = size.ToString("E" + (digits - 1).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var exponent = int.Parse(text.AsSpan(text.IndexOf('E', StringComparison.Ordinal) + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (exponent < digits)
        {
            return Math.Round((decimal)size, Math.Max(0, digits - 1 - exponent)).ToString("0.#####", CultureInfo.InvariantCulture);
        }

        var mantissa = text[..text.IndexOf('E', StringComparison.Ordinal)].TrimEnd('0').TrimEnd('.');
        return string.Create(CultureInfo.InvariantCulture, $"{mantissa}e+{exponent:00}");
    }
}
