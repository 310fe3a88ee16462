using System.Net;
using System.Net.Sockets;
using Berth.Linux.Netlink;

namespace Berth.Engine.Networks;

/// <summary>A bridge network that is in place: its link, its addresses, its rules.</summary>
internal sealed record BridgeNetwork
{
    public required NetworkRecord Record { get; init; }

    /// <summary>Index of the bridge.</summary>
    public required int Link { get; init; }

    public required AddressPool Addresses { get; init; }

    public required Firewall Firewall { get; init; }

    /// <summary>The address and prefix length that the bridge is to have, and how that was decided.</summary>
    internal static (IPAddress Address, int PrefixLength) ChooseAddress(HostNetwork host, EngineOptions options, string? recorded)
    {
        if (options.BridgeAddress is { } wanted)
        {
            return Parse(wanted) ?? throw NetworkErrors.InvalidBridgeAddress(wanted);
        }

        // A bridge that is there already is left as it is: it has containers on it, or an administrator made it.
        if (BridgeLink.FindAddress(host, options.Bridge) is { } present)
        {
            return (present.Address, present.PrefixLength);
        }

        var used = UsedSubnets(host);
        if (recorded is not null && Parse(recorded) is (var address, var prefix)
            && !used.Any(u => u.PrefixLength > 0 && SubnetChoice.Overlap(u, SubnetChoice.Around(address, prefix))))
        {
            return (address, prefix);
        }

        var subnet = SubnetChoice.FirstFree(used) ?? throw NetworkErrors.NoFreeSubnet();
        var bytes = subnet.BaseAddress.GetAddressBytes();
        bytes[3]++;
        return (new IPAddress(bytes), subnet.PrefixLength);
    }

    private static List<IPNetwork> UsedSubnets(HostNetwork host) =>
    [
        .. host.Links.Routes().Select(r => r.Destination),
        .. host.Links.Addresses().Select(a => SubnetChoice.Around(a.Address, a.PrefixLength)),
    ];

    internal static (IPAddress Address, int PrefixLength)? Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && AddressText.Parse(text[..slash]) is { AddressFamily: AddressFamily.InterNetwork } address
            && int.TryParse(text[(slash + 1)..], out var prefix) && prefix is >= 8 and <= 30
            ? (address, prefix)
            : null;
    }
}
