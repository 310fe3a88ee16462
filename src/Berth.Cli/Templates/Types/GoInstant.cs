using System.Globalization;
using System.Text;

namespace Berth.Cli.Templates.Types;

/// <summary>A time of Go: to the nanosecond, with the offset it was written with.</summary>
/// <param name="Second">Without its fraction.</param>
/// <param name="Nanosecond">The fraction.</param>
sealed record GoInstant(DateTimeOffset Second, int Nanosecond)
{
    public const string TypeName = "time.Time";

    private const string Rfc3339Nano = "2006-01-02T15:04:05.999999999Z07:00";

    /// <summary>The elements of layouts, the longer before those they begin with.</summary>
    private static readonly string[] _elements =
    [
        "January", "Jan", "Monday", "Mon", "MST", "2006", "Z07:00", "Z0700", "-07:00", "-0700", "-07", "002", "01", "02", "03", "04", "05", "06",
        "15", "PM", "pm", "_2", "1", "2", "3", "4", "5",
    ];

    public static GoInstant Zero { get; } = new(DateTimeOffset.MinValue, 0);

    public bool IsZero => this == Zero;

    public long UnixNanoseconds => (Second.ToUnixTimeSeconds() * 1_000_000_000) + Nanosecond;

    /// <summary>RFC 3339; what is no time is the zero time.</summary>
    public static GoInstant Parse(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var (whole, nanoseconds) = (text, 0);
        if (dot > 0)
        {
            var end = dot + 1;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
            {
                end++;
            }

            nanoseconds = int.Parse(text[(dot + 1)..end].PadRight(9, '0').AsSpan(0, 9), CultureInfo.InvariantCulture);
            whole = text[..dot] + text[end..];
        }

        return DateTimeOffset.TryParseExact(whole, "yyyy-MM-dd'T'HH:mm:ssK", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var second)
            ? new GoInstant(second, nanoseconds)
            : Zero;
    }

    public override string ToString() => Format("2006-01-02 15:04:05.999999999 -0700 MST");

    public string ToJson() => Format(Rfc3339Nano);

    /// <summary>As Go's Time.Format.</summary>
    public string Format(string layout)
    {
        var result = new StringBuilder();
        for (var i = 0; i < layout.Length;)
        {
            if (layout[i] is '.' or ',' && Fraction(layout, i) is { } fraction)
            {
                result.Append(fraction.Text);
                i += fraction.Length;
                continue;
            }

            var element = Array.Find(_elements, candidate => string.CompareOrdinal(layout, i, candidate, 0, candidate.Length) == 0
                // "Jan" is no month where more letters follow, as in "January" that is cut.
                && !(candidate is "Jan" or "Mon" && i + 3 < layout.Length && char.IsAsciiLetterLower(layout[i + 3])));
            if (element is null)
            {
                result.Append(layout[i++]);
                continue;
            }

            result.Append(Element(element));
            i += element.Length;
        }

        return result.ToString();
    }

    /// <summary>A point with zeroes has so many digits, one with nines as many as are not zero.</summary>
    private (string Text, int Length)? Fraction(string layout, int start)
    {
        var digit = start + 1 < layout.Length ? layout[start + 1] : ' ';
        if (digit is not ('0' or '9'))
        {
            return null;
        }

        var end = start + 1;
        while (end < layout.Length && layout[end] == digit)
        {
            end++;
        }

        if (end < layout.Length && char.IsAsciiDigit(layout[end]))
        {
            return null;
        }

        var digits = Nanosecond.ToString("000000000", CultureInfo.InvariantCulture)[..Math.Min(9, end - start - 1)];
        digits = digit == '9' ? digits.TrimEnd('0') : digits;
        return (digits.Length == 0 ? "" : layout[start] + digits, end - start);
    }

    private string Element(string element) => element switch
    {
        "January" => Net("MMMM"),
        "Jan" => Net("MMM"),
        "Monday" => Net("dddd"),
        "Mon" => Net("ddd"),
        "2006" => Net("yyyy"),
        "06" => Net("yy"),
        "01" => Net("MM"),
        "1" => Net("%M"),
        "02" => Net("dd"),
        "2" => Net("%d"),
        "_2" => Net("%d").PadLeft(2),
        "002" => Second.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
        "15" => Net("HH"),
        "03" => Net("hh"),
        "3" => Net("%h"),
        "04" => Net("mm"),
        "4" => Net("%m"),
        "05" => Net("ss"),
        "5" => Net("%s"),
        "PM" => Net("tt"),
        "pm" => Net("tt").ToLowerInvariant(),
        "MST" => Second.Offset == TimeSpan.Zero ? "UTC" : Net("zzz").Replace(":", "", StringComparison.Ordinal) is var zone && zone.EndsWith("00", StringComparison.Ordinal) ? zone[..3] : zone,
        "Z07:00" => Second.Offset == TimeSpan.Zero ? "Z" : Net("zzz"),
        "Z0700" => Second.Offset == TimeSpan.Zero ? "Z" : Net("zzz").Replace(":", "", StringComparison.Ordinal),
        "-07:00" => Net("zzz"),
        "-07" => Net("zzz")[..3],
        _ => Net("zzz").Replace(":", "", StringComparison.Ordinal),
    };

    private string Net(string format) => Second.ToString(format, CultureInfo.InvariantCulture);
}
