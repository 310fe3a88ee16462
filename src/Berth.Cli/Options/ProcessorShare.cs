using System.Globalization;

namespace Berth.Cli.Options;

/// <summary>Numbers of processors, such as 1.5 or 1/3, in billionths.</summary>
static class ProcessorShare
{
    private const decimal Billion = 1_000_000_000;

    /// <exception cref="FormatException">It is no number, or has more than nine decimals.</exception>
    public static long Parse(string text)
    {
        var parts = text.Split('/', 2);
        var divisor = 1m;
        if (!Number(parts[0], out var value) || (parts.Length == 2 && (!Number(parts[1], out divisor) || divisor == 0)))
        {
            throw new FormatException($"failed to parse {text} as a rational number");
        }

        var billionths = value * Billion / divisor;
        return billionths == decimal.Truncate(billionths) ? (long)billionths : throw new FormatException("value is too precise");
    }

    private static bool Number(string text, out decimal value) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && Math.Abs(value) < long.MaxValue / Billion;
}
