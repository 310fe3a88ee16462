using System.Globalization;

namespace Berth.Cli.Templates.Types;

/// <summary>Durations as Go prints them: <c>1m30s</c>, <c>1.5ms</c>.</summary>
static class GoDurationText
{
    private const long Second = 1_000_000_000;

    public static string Of(long nanoseconds)
    {
        if (nanoseconds == 0)
        {
            return "0s";
        }

        var sign = nanoseconds < 0 ? "-" : "";
        var rest = Math.Abs((decimal)nanoseconds);
        if (rest < Second)
        {
            var (factor, unit) = rest switch { < 1_000 => (1m, "ns"), < 1_000_000 => (1_000m, "µs"), _ => (1_000_000m, "ms") };
            return sign + Number(rest / factor) + unit;
        }

        var (hours, minutes) = (Math.Floor(rest / (3600 * Second)), Math.Floor(rest / (60 * Second)));
        var text = Number((rest - (minutes * 60 * Second)) / Second) + "s";
        return sign + (hours > 0 ? $"{Number(hours)}h{Number(minutes - (hours * 60))}m" : minutes > 0 ? $"{Number(minutes)}m" : "") + text;
    }

    private static string Number(decimal value) => value.ToString("0.#########", CultureInfo.InvariantCulture);
}
