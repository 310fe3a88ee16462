using System.Globalization;

namespace Berth.Engine.Containers;

/// <summary>Ports that a filter names: 80, 80/udp, 8000-8100/tcp.</summary>
internal sealed record PortFilter(ushort First, ushort Last, string Protocol)
{
    /// <param name="filter">The filter's name, for messages.</param>
    /// <param name="text">Its value.</param>
    public static PortFilter Parse(string filter, string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var (range, protocol) = slash < 0 ? (text, "tcp") : (text[..slash], text[(slash + 1)..].ToLowerInvariant());
        if (text.Contains(':', StringComparison.Ordinal))
        {
            throw Failure($"filter for '{filter}' should not contain ':': {text}");
        }

        if (range.Length == 0)
        {
            throw Failure($"error while looking up for {filter} {text}: Empty string specified for ports.");
        }

        var dash = range.IndexOf('-', StringComparison.Ordinal);
        var first = Number(dash < 0 ? range : range[..dash]);
        var last = Number(range[(dash + 1)..]);
        return first <= last
            ? new PortFilter(first, last, protocol)
            : throw Failure($"error while looking up for {filter} {text}: Invalid range specified for the Port: {range}");

        ushort Number(string part) => ushort.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Failure($"error while looking up for {filter} {text}: strconv.ParseUint: parsing \"{part}\": "
                + (part.Length > 0 && part.All(char.IsAsciiDigit) ? "value out of range" : "invalid syntax"));
    }

    public bool Contains(ushort port, string protocol) => port >= First && port <= Last && protocol == Protocol;

    private static EngineException Failure(string message) => ContainerErrors.Invalid(message);
}
