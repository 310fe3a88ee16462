using System.Globalization;

namespace Berth.Engine;

/// <summary>Points in time as Docker writes them: RFC 3339 in UTC, with no trailing zeros.</summary>
public static class WireTime
{
    /// <summary>What Go's zero time looks like: never.</summary>
    public const string Never = "0001-01-01T00:00:00Z";

    public static string Of(DateTimeOffset? time) =>
        time is { } known ? known.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture) : Never;

    /// <summary>A time as file systems keep it, to the nanosecond.</summary>
    public static string Of(long seconds, uint nanoseconds)
    {
        var whole = DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(seconds, -62_135_596_800, 253_402_300_799));
        var fraction = nanoseconds == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $".{nanoseconds:D9}").TrimEnd('0');
        return whole.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) + fraction + "Z";
    }
}
