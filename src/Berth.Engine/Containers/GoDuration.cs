using System.Globalization;
using System.Text.RegularExpressions;

namespace Berth.Engine.Containers;

/// <summary>A span of time as Go writes it, such as 1h30m or 1.5s.</summary>
internal static partial class GoDuration
{
    public static bool TryParse(string text, out TimeSpan span)
    {
        span = TimeSpan.Zero;
        var matches = Grammar().Match(text);
        if (!matches.Success)
        {
            return false;
        }

        foreach (var (number, unit) in matches.Groups[1].Captures.Zip(matches.Groups[2].Captures))
        {
            var value = double.Parse(number.Value, CultureInfo.InvariantCulture);
            span += unit.Value switch
            {
                "h" => TimeSpan.FromHours(value),
                "m" => TimeSpan.FromMinutes(value),
                "s" => TimeSpan.FromSeconds(value),
                "ms" => TimeSpan.FromMilliseconds(value),
                "ns" => TimeSpan.FromMicroseconds(value / 1000),
                _ => TimeSpan.FromMicroseconds(value),
            };
        }

        return true;
    }

    [GeneratedRegex(@"^(?:([0-9]{1,9}(?:\.[0-9]{1,9})?)(h|ms|m|s|us|µs|ns))+\z")]
    private static partial Regex Grammar();
}
