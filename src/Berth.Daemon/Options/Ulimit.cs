using System.Globalization;

namespace Berth.Daemon.Options;

/// <summary>A resource limit as users write it: nofile=1024 or nofile=1024:2048.</summary>
static class Ulimit
{
    private static readonly string[] _names =
    [
        "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio", "rttime",
        "sigpending", "stack",
    ];

    public static string? Check(string text)
    {
        try
        {
            Parse(text);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    /// <exception cref="FormatException">It is not a limit; the message says why.</exception>
    public static (string Name, long Soft, long Hard) Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            throw new FormatException($"invalid ulimit argument: {text}");
        }

        var name = text[..equals];
        if (!_names.Contains(name))
        {
            throw new FormatException($"invalid ulimit type: {name}");
        }

        var values = text[(equals + 1)..].Split(':');
        if (values.Length > 2)
        {
            throw new FormatException($"too many limit value arguments - {text[(equals + 1)..]}, can only have up to two, `soft[:hard]`");
        }

        var soft = Number(values[0]);
        var hard = values.Length == 2 ? Number(values[1]) : soft;
        return hard == -1 || (soft != -1 && soft <= hard)
            ? (name, soft, hard)
            : throw new FormatException($"ulimit soft limit must be less than or equal to hard limit: {soft} > {hard}");
    }

    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= -1
            ? number
            : throw new FormatException($"strconv.ParseInt: parsing \"{text}\": invalid syntax");
}
