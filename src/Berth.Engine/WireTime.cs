using System.Globalization;

namespace Berth.Engine;

/// <summary>Points in time as Docker writes them: RFC 3339 in UTC, with no trailing zeros.</summary>
public static class WireTime
{
    /// <summary>What Go's zero time looks like: never.</summary>
    public const string Never = "0001-01-01T00:00:00Z";

    public static string Of(DateTimeOffset? time) =>
        time is { } known ? known.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture) : Never;
}
