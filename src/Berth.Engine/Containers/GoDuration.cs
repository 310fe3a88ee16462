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

    /// <summary>As Go prints it: 1h2m3s, 1.5s, 20ms.</summary>
    public static string Text(TimeSpan span)
    {
        FormattableString text = span switch
        {
            { TotalMicroseconds: < 1 } => $"{(long)span.TotalNanoseconds}ns",
            { TotalMilliseconds: < 1 } => $"{span.TotalMicroseconds:0.###}µs",
            { TotalSeconds: < 1 } => $"{span.TotalMilliseconds:0.######}ms",
            { TotalMinutes: < 1 } => $"{span.TotalSeconds:0.#########}s",
            { TotalHours: < 1 } => $"{span.Minutes}m{span.TotalSeconds % 60:0.#########}s",
            _ => $"{(long)span.TotalHours}h{span.Minutes}m{span.TotalSeconds % 60:0.#########}s",
        };
        return span == TimeSpan.Zero ? "0s" : FormattableString.Invariant(text);
    }

    [GeneratedRegex(@"^(?:([0-9]{1,9}(?:\.[0-9]{1,9})?)(h|ms|m|s|us|µs|ns))+\z")]
    private static partial Regex Grammar();
}
