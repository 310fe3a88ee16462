using System.Net;
using Berth.Linux.Netlink;

namespace Berth.Engine.Networks;

/// <summary>A bridge network that is in place: its link, its addresses, its rules.</summary>
internal sealed record BridgeNetwork
{
    public required NetworkRecord Record { get; init; }

    /// <summary>Index of the bridge.</summary>
    public required int Link { get; init; }

    public required AddressPool Addresses { get; init; }

    /// <summary>Where containers send what is not for this network.</summary>
    public required IPAddress Gateway { get; init; }

    public required Firewall Firewall { get; init; }

    /// <summary>The address and prefix length that the bridge is to have, and how that was decided.</summary>
    internal static (IPAddress Address, int PrefixLength) ChooseAddress(HostNetwork host, EngineOptions options, string? recorded)
    {
        if (options.BridgeAddress is { } wanted)
        {
            return BridgeAddressText.Parse(wanted) ?? throw NetworkErrors.InvalidBridgeAddress(wanted);
        }

        // A bridge that is there already is left as it is: it has containers on it, or an administrator made it.
        if (BridgeLink.FindAddress(host, options.Bridge) is { } present)
        {
            return (present.Address, present.PrefixLength);
        }

        if (options.BridgeRange is { } range)
        {
            return (SubnetChoice.First(range), range.PrefixLength);
        }

        var used = UsedSubnets(host);
        if (recorded is not null && BridgeAddressText.Parse(recorded) is (var address, var prefix)
            && !used.Any(u => u.PrefixLength > 0 && SubnetChoice.Overlap(u, SubnetChoice.Around(address, prefix))))
        {
            return (address, prefix);
        }

        var subnet = SubnetChoice.FirstFree(used, options.SubnetPools) ?? throw NetworkErrors.NoFreeSubnet();
        return (SubnetChoice.First(subnet), subnet.PrefixLength);
    }

    private static List<IPNetwork> UsedSubnets(HostNetwork host) =>
    [
        .. host.Links.Routes().Select(r => r.Destination),
        .. host.Links.Addresses().Select(a => SubnetChoice.Around(a.Address, a.PrefixLength)),
    ];
}
