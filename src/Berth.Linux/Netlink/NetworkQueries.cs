using System.Net;
using System.Net.NetworkInformation;
using Berth.Linux.Native;

namespace Berth.Linux.Netlink;

/// <summary>Questions about links, addresses and routes.</summary>
public static class NetworkQueries
{
    /// <returns>Null where there is no such link.</returns>
    public static Link? FindLink(this NetlinkSocket socket, string name)
    {
        var failure = socket.TryQuery(new NetlinkBatch().GetLink(name), out var answers);
        return failure switch
        {
            null => ReadLink(answers[0]),
            { Errno: Errno.ENODEV } => null,
            _ => throw failure,
        };
    }

    public static IReadOnlyList<Link> Links(this NetlinkSocket socket) =>
        [.. socket.Query(new NetlinkBatch().DumpLinks()).Where(m => m.Type == LinuxRtnetlink.RTM_NEWLINK).Select(ReadLink)];

    public static IReadOnlyList<LinkAddress> Addresses(this NetlinkSocket socket) =>
        [.. socket.Query(new NetlinkBatch().DumpAddresses()).Where(m => m.Type == LinuxRtnetlink.RTM_NEWADDR).Select(ReadAddress)];

    public static IReadOnlyList<Route> Routes(this NetlinkSocket socket) =>
        [.. socket.Query(new NetlinkBatch().DumpRoutes()).Where(m => m.Type == LinuxRtnetlink.RTM_NEWROUTE).Select(ReadRoute)];

    internal static Link ReadLink(NetlinkMessage message)
    {
        var header = message.Structure<ifinfomsg>();
        var (name, kind, master, mtu, address, carries) = ("", (string?)null, 0, 0, PhysicalAddress.None, false);
        var attributes = message.Attributes<ifinfomsg>();
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case LinuxRtnetlink.IFLA_IFNAME:
                    name = attributes.Text;
                    break;
                case LinuxRtnetlink.IFLA_MTU:
                    mtu = attributes.Int32;
                    break;
                case LinuxRtnetlink.IFLA_MASTER:
                    master = attributes.Int32;
                    break;
                case LinuxRtnetlink.IFLA_ADDRESS:
                    address = new PhysicalAddress(attributes.Value.ToArray());
                    break;
                case LinuxRtnetlink.IFLA_OPERSTATE:
                    carries = attributes.Value is [LinuxRtnetlink.IF_OPER_UP];
                    break;
                case LinuxRtnetlink.IFLA_LINKINFO:
                    kind = ReadKind(attributes.Value);
                    break;
            }
        }

        return new Link(header.ifi_index, name, kind, master, mtu, address, (header.ifi_flags & LinuxRtnetlink.IFF_UP) != 0, carries);
    }

    internal static LinkAddress ReadAddress(NetlinkMessage message)
    {
        var header = message.Structure<ifaddrmsg>();
        IPAddress? local = null;
        IPAddress? other = null;
        var attributes = message.Attributes<ifaddrmsg>();
        while (attributes.Next())
        {
            // On a point-to-point link IFA_ADDRESS is the other side's; IPv6 has IFA_ADDRESS alone.
            if (attributes.Type == LinuxRtnetlink.IFA_LOCAL)
            {
                local = ReadIPAddress(attributes.Value);
            }
            else if (attributes.Type == LinuxRtnetlink.IFA_ADDRESS)
            {
                other = ReadIPAddress(attributes.Value);
            }
        }

        return new LinkAddress((int)header.ifa_index, local ?? other ?? IPAddress.None, header.ifa_prefixlen);
    }

    internal static Route ReadRoute(NetlinkMessage message)
    {
        var header = message.Structure<rtmsg>();
        IPAddress? destination = null;
        IPAddress? gateway = null;
        var (link, table) = (0, (int)header.rtm_table);
        var attributes = message.Attributes<rtmsg>();
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case LinuxRtnetlink.RTA_DST:
                    destination = ReadIPAddress(attributes.Value);
                    break;
                case LinuxRtnetlink.RTA_GATEWAY:
                    gateway = ReadIPAddress(attributes.Value);
                    break;
                case LinuxRtnetlink.RTA_OIF:
                    link = attributes.Int32;
                    break;
                case LinuxRtnetlink.RTA_TABLE:
                    table = attributes.Int32;
                    break;
            }
        }

        destination ??= header.rtm_family == LinuxRtnetlink.AF_INET ? IPAddress.Any : IPAddress.IPv6Any;
        return new Route(new IPNetwork(destination, header.rtm_dst_len), gateway, link, table);
    }

    private static string? ReadKind(ReadOnlySpan<byte> info)
    {
        var attributes = new NetlinkAttributes(info);
        while (attributes.Next())
        {
            if (attributes.Type == LinuxRtnetlink.IFLA_INFO_KIND)
            {
                return attributes.Text;
            }
        }

        return null;
    }

    private static IPAddress? ReadIPAddress(ReadOnlySpan<byte> bytes) => bytes.Length is 4 or 16 ? new IPAddress(bytes) : null;
}
