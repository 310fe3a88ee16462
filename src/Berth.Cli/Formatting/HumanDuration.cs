using System.Globalization;

namespace Berth.Cli.Formatting;

/// <summary>How long ago, as Docker says it.</summary>
static class HumanDuration
{
    public static string Of(TimeSpan span)
    {
        var hours = (long)Math.Round(span.TotalHours, MidpointRounding.AwayFromZero);
        return (long)span.TotalSeconds switch
        {
            < 1 => "Less than a second",
            1 => "1 second",
            < 60 and var seconds => Count(seconds, "seconds"),
            _ => (long)span.TotalMinutes switch
            {
                1 => "About a minute",
                < 60 and var minutes => Count(minutes, "minutes"),
                _ => hours switch
                {
                    1 => "About an hour",
                    < 48 => Count(hours, "hours"),
                    < 24 * 7 * 2 => Count(hours / 24, "days"),
                    < 24 * 30 * 2 => Count(hours / 24 / 7, "weeks"),
                    < 24 * 365 * 2 => Count(hours / 24 / 30, "months"),
                    _ => Count((long)(span.TotalHours / 24 / 365), "years"),
                },
            },
        };
    }

    private static string Count(long number, string unit) => string.Create(CultureInfo.InvariantCulture, $"{number} {unit}");
}
