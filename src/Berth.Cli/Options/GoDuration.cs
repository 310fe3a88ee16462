using System.Globalization;
using Berth.Cli.CommandLine;

namespace Berth.Cli.Options;

/// <summary>Durations as Go writes them: <c>1h2m3.5s</c>, in nanoseconds.</summary>
static class GoDuration
{
    /// <exception cref="FormatException">It is no duration.</exception>
    public static long Parse(string text)
    {
        if (TryParse(text, out var nanoseconds, out var problem))
        {
            return nanoseconds;
        }

        throw new FormatException($"time: {problem} {GoText.Quote(text)}");
    }

    public static bool TryParse(string text, out long nanoseconds, out string problem)
    {
        nanoseconds = 0;
        problem = "invalid duration";
        var rest = text.AsSpan();
        var negative = rest is ['-', ..];
        if (rest is ['-' or '+', ..])
        {
            rest = rest[1..];
        }

        if (rest is "0")
        {
            return true;
        }

        if (rest.IsEmpty)
        {
            return false;
        }

        var total = 0m;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept("0123456789.");
            digits = digits < 0 ? rest.Length : digits;
            if (!decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            rest = rest[digits..];
            var letters = rest.IndexOfAny("0123456789.");
            var unit = letters < 0 ? rest : rest[..letters];
            if (unit.IsEmpty)
            {
                problem = "missing unit in duration";
                return false;
            }

            if (Factor(unit) is not { } factor)
            {
                problem = $"unknown unit {GoText.Quote(unit.ToString())} in duration";
                return false;
            }

            total += number * factor;
            rest = rest[unit.Length..];
        }

        if (total > long.MaxValue)
        {
            return false;
        }

        nanoseconds = negative ? -(long)total : (long)total;
        return true;
    }

    private static long? Factor(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 1,
        "us" or "µs" or "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => null,
    };
}
