using System.Globalization;
using System.Text.RegularExpressions;

namespace Berth.Engine.Images;

/// <summary>Times in filters: RFC 3339, a date, seconds since 1970, or a duration before now such as 10m or 1h30m.</summary>
internal static partial class ImageTime
{
    public static DateTimeOffset Parse(string text, TimeProvider time)
    {
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < 1e11)
        {
            return DateTimeOffset.UnixEpoch.AddSeconds(seconds);
        }

        if (Duration().Match(text) is { Success: true, Length: > 0 } match)
        {
            double Part(string name) => match.Groups[name] is { Success: true, Value: var value } ? double.Parse(value, CultureInfo.InvariantCulture) : 0;
            return time.GetUtcNow() - TimeSpan.FromSeconds((Part("h") * 3600) + (Part("m") * 60) + Part("s"));
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : throw ImageErrors.Invalid($"failed to parse value as time or duration: \"{text}\"");
    }

    [GeneratedRegex(@"^(?:(?<h>[0-9.]{1,12})h)?(?:(?<m>[0-9.]{1,12})m)?(?:(?<s>[0-9.]{1,12})s)?\z")]
    private static partial Regex Duration();
}
