using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Berth.Linux.Netlink;

namespace Berth.Engine.Networks;

/// <summary>The bridge itself: a link of the host with the address that its containers have as their gateway.</summary>
internal static class BridgeLink
{
    /// <returns>The IPv4 address of the link, if it exists and has one.</returns>
    internal static LinkAddress? FindAddress(HostNetwork host, string name) =>
        host.Links.FindLink(name) is { } link
            ? host.Links.Addresses().FirstOrDefault(a => a.Link == link.Index && a.Address.AddressFamily == AddressFamily.InterNetwork)
            : null;

    /// <summary>Makes the bridge, or brings one that exists to what it must be.</summary>
    /// <param name="host">Where it is.</param>
    /// <param name="options">Its name and what it is made with.</param>
    /// <param name="address">The gateway's.</param>
    /// <param name="prefixLength">Of the subnet.</param>
    /// <param name="isOurs">It was made here before. What an administrator made keeps its settings: it may have IPv6, and lead elsewhere too.</param>
    /// <returns>Its index, and whether it was made.</returns>
    internal static (int Index, bool Made) Ensure(HostNetwork host, EngineOptions options, IPAddress address, int prefixLength, bool isOurs)
    {
        var name = options.Bridge;
        var link = host.Links.FindLink(name);
        var made = link is null;
        if (link is null)
        {
            host.Links.Execute(new NetlinkBatch().AddBridge(name, options.Mtu, RandomAddress()));
            link = host.Links.FindLink(name) ?? throw NetworkErrors.NotABridge(name);
        }
        else if (link.Kind != "bridge")
        {
            throw NetworkErrors.NotABridge(name);
        }

        if (made || isOurs)
        {
            // Before it is up: an advertisement that was taken stays a route.
            host.Distrust(name);
        }

        var change = new NetlinkBatch();
        if (!host.Links.Addresses().Any(a => a.Link == link.Index && a.Address.Equals(address)))
        {
            change.ChangeLink(new LinkChange { Index = link.Index, NoLinkLocalAddress = true });
            change.AddAddress(link.Index, address, prefixLength);
        }

        if (!link.Up)
        {
            change.ChangeLink(new LinkChange { Index = link.Index, Up = true });
        }

        host.Links.Execute(change);
        if (options.ForwardPackets)
        {
            host.Set("net/ipv4/ip_forward", "1");
        }

        // Published ports are reachable at 127.0.0.1: its packets may leave by this link. FirewallRules keeps the rest of them off it.
        host.Set($"net/ipv4/conf/{name}/route_localnet", "1");
        return (link.Index, made);
    }

    /// <summary>Whether frames that stay on a bridge go through the packet filter (br_netfilter).</summary>
    internal static bool FramesPassFirewall(HostNetwork host) => host.Run(() =>
    {
        const string Setting = "/proc/sys/net/bridge/bridge-nf-call-iptables";
        return File.Exists(Setting) && File.ReadAllText(Setting).Trim() == "1";
    });

    private static PhysicalAddress RandomAddress()
    {
        var bytes = new byte[6];
        Random.Shared.NextBytes(bytes);
        // Locally administered, and for one receiver.
        (bytes[0], bytes[1]) = (0x02, 0x42);
        return new PhysicalAddress(bytes);
    }
}
