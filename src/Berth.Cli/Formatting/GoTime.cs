using System.Globalization;

namespace Berth.Cli.Formatting;

/// <summary>Times as Go prints them.</summary>
static class GoTime
{
    /// <summary><c>2006-01-02 15:04:05 -0700 MST</c> in local time. Where the zone has a name, its offset stands in for it: .NET does not know abbreviations.</summary>
    public static string Local(DateTimeOffset time)
    {
        var local = time.ToLocalTime();
        var offset = local.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal);
        var zone = local.Offset == TimeSpan.Zero ? "UTC" : offset.EndsWith("00", StringComparison.Ordinal) ? offset[..3] : offset;
        return $"{local.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} {offset} {zone}";
    }

    /// <summary>RFC 3339 in local time, as Go's time.RFC3339.</summary>
    public static string Rfc3339(DateTimeOffset time)
    {
        var local = time.ToLocalTime();
        var text = local.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        return local.Offset == TimeSpan.Zero ? text + "Z" : text + local.ToString("zzz", CultureInfo.InvariantCulture);
    }
}
