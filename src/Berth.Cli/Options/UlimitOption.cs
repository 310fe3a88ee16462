using System.Globalization;
using Berth.Api.Containers;

namespace Berth.Cli.Options;

/// <summary><c>nofile=1024:2048</c>.</summary>
static class UlimitOption
{
    private static readonly string[] _known =
    [
        "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio", "rttime", "sigpending",
        "stack",
    ];

    /// <summary>Adds a limit; a later one of the same name replaces it.</summary>
    public static void Add(string text, List<Ulimit> limits)
    {
        var limit = Parse(text);
        limits.RemoveAll(earlier => earlier.Name == limit.Name);
        limits.Add(limit);
    }

    private static Ulimit Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            throw new FormatException($"invalid ulimit argument: {text}");
        }

        var name = text[..equals];
        if (!_known.Contains(name))
        {
            throw new FormatException($"invalid ulimit type: {name}");
        }

        var values = text[(equals + 1)..].Split(':');
        if (values.Length > 2)
        {
            throw new FormatException($"too many limit value arguments - {text[(equals + 1)..]}, can only have up to two, `soft[:hard]`");
        }

        var soft = Number(values[0]);
        var hard = values.Length > 1 && values[1].Length > 0 ? Number(values[1]) : soft;
        return hard != -1 && (soft == -1 || soft > hard)
            ? throw new FormatException(string.Create(
                CultureInfo.InvariantCulture,
                $"ulimit soft limit must be less than or equal to hard limit: {(soft == -1 ? $"soft: -1 (unlimited), hard: {hard}" : $"{soft} > {hard}")}"))
            : new Ulimit { Name = name, Soft = soft, Hard = hard };
    }

    private static long Number(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
        ? value
        : throw CommandLine.GoNumber.Invalid("ParseInt", text);
}
