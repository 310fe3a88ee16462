using System.Globalization;
using System.Net;

namespace Berth.Engine.Networks;

/// <summary>A port of a container, such as 80/tcp.</summary>
internal readonly record struct ContainerPort(ushort Port, string Protocol)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Port}/{Protocol}");

    internal static ContainerPort Parse(string text) =>
        TryParse(text, out var range, out var protocol) && range.First == range.Last
            ? new ContainerPort(range.First, protocol)
            : throw NetworkErrors.InvalidPort(text);

    /// <summary>The port that an image or a user says a container listens on; none where the text is a range or no port at all.</summary>
    internal static IEnumerable<ContainerPort> Exposed(string text)
    {
        if (TryParse(text, out var range, out var protocol) && range.First == range.Last)
        {
            yield return new ContainerPort(range.First, protocol);
        }
    }

    private static bool TryParse(string text, out PortRange range, out string protocol)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        protocol = slash < 0 ? "tcp" : text[(slash + 1)..].ToLowerInvariant();
        return PortRange.TryParse(slash < 0 ? text : text[..slash], out range) && range.First > 0 && protocol is "tcp" or "udp" or "sctp";
    }
}

/// <summary>The host's ports that a binding may use; 0 to 0: any of the ephemeral range.</summary>
internal readonly record struct PortRange(ushort First, ushort Last)
{
    internal bool Any => Last == 0;

    internal static bool TryParse(string text, out PortRange range)
    {
        range = default;
        if (text.Length == 0)
        {
            return true;
        }

        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var last = dash < 0 ? text : text[(dash + 1)..];
        if (!TryNumber(dash < 0 ? text : text[..dash], out var from) || !TryNumber(last, out var to) || from > to)
        {
            return false;
        }

        range = new PortRange(from, to);
        return true;
    }

    private static bool TryNumber(string text, out ushort number) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

/// <summary>What a binding asks for.</summary>
internal sealed record PortWish(ContainerPort Port, IPAddress Address, PortRange HostPorts);

/// <summary>A container's port that is reachable at an address and port of the host.</summary>
internal sealed record PublishedPort(ContainerPort Port, IPAddress ContainerAddress, IPAddress HostAddress, ushort HostPort)
{
    internal bool OnEveryAddress => HostAddress.Equals(IPAddress.Any) || HostAddress.Equals(IPAddress.IPv6Any);
}
