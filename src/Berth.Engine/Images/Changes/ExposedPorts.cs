using System.Globalization;

namespace Berth.Engine.Images.Changes;

/// <summary>The ports of an EXPOSE: 80, 80/udp, 100-102/tcp; of HOST:PORT only the port counts.</summary>
internal static class ExposedPorts
{
    public static IEnumerable<string> Parse(string text)
    {
        var (ports, protocol) = text.Split('/', 2) is [var left, var right] ? (left, right.ToLowerInvariant()) : (text, "tcp");
        var range = ports[(ports.LastIndexOf(':') + 1)..];
        if (protocol is not ("tcp" or "udp" or "sctp"))
        {
            throw ImageErrors.Invalid($"Invalid proto: {protocol}");
        }

        var dash = range.IndexOf('-', StringComparison.Ordinal);
        if (!ushort.TryParse(dash < 0 ? range : range[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            || !ushort.TryParse(range[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            || first > last)
        {
            throw ImageErrors.Invalid($"Invalid containerPort: {range}");
        }

        return Enumerable.Range(first, last - first + 1).Select(port => string.Create(CultureInfo.InvariantCulture, $"{port}/{protocol}"));
    }
}
