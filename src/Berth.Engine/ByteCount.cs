using System.Globalization;

namespace Berth.Engine;

/// <summary>Amounts of bytes as people write them: 10m, 1.5GB, 100. The units are powers of 1024.</summary>
public static class ByteCount
{
    /// <summary>Null: it is none, or not positive.</summary>
    public static long? TryParse(string text)
    {
        var number = text.TrimEnd("bBiI".ToCharArray()).TrimEnd();
        var shift = number.Length == 0 ? 0 : "kmgtp".IndexOf(char.ToLowerInvariant(number[^1]), StringComparison.Ordinal) + 1;
        return double.TryParse(shift > 0 ? number[..^1].TrimEnd() : number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && value * (1L << (10 * shift)) is >= 1 and < long.MaxValue and var bytes
                ? (long)bytes
                : null;
    }
}
