using System.Globalization;
using System.Text.RegularExpressions;

namespace Berth.Cli.Options;

/// <summary>The values of <c>--since</c> and <c>--until</c>: a time, a duration before now, or seconds since 1970.</summary>
static partial class TimestampOption
{
    private static readonly string[] _withZone =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HHK", "yyyy-MM-ddK",
    ];

    /// <param name="text">What the user gave.</param>
    /// <param name="now">What durations count from.</param>
    /// <param name="complaint">How the message of what is no time begins.</param>
    /// <returns>Seconds with nine decimals, as the API takes them.</returns>
    /// <exception cref="CommandException">It is no time.</exception>
    public static string Parse(string text, DateTimeOffset now, string complaint = "")
    {
        if (text.Length == 0)
        {
            return "";
        }

        // A bare 0 is the beginning of all time, and no duration.
        if (text != "0" && GoDuration.TryParse(text, out var nanoseconds, out _))
        {
            return Seconds(now.AddTicks(-nanoseconds / TimeSpan.NanosecondsPerTick));
        }

        if (text.Contains('-', StringComparison.Ordinal))
        {
            // More digits than .NET's time has: docker logs -t prints nine.
            text = FractionBeyondTicks.Replace(text, "$1");
            return DateTimeOffset.TryParseExact(text, _withZone, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time)
                ? Seconds(time)
                : throw new CommandException($"{complaint}failed to parse value as time or duration: \"{text}\"");
        }

        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var (whole, fraction) = dot < 0 ? (text, "") : (text[..dot], text[(dot + 1)..]);
        return long.TryParse(whole, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) && fraction.All(char.IsAsciiDigit)
            ? $"{whole}.{fraction.PadRight(9, '0')}"
            : throw new CommandException($"{complaint}failed to parse value as time or duration: \"{text}\"");
    }

    [GeneratedRegex(@"(\.\d{7})\d+")]
    private static partial Regex FractionBeyondTicks { get; }

    private static string Seconds(DateTimeOffset time) => string.Create(
        CultureInfo.InvariantCulture,
        $"{time.ToUnixTimeSeconds()}.{time.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick:000000000}");
}
