using System.Globalization;
using System.Net.NetworkInformation;
using Berth.Linux.Native;

namespace Berth.Linux.Netlink;

/// <summary>Messages about links (rtnetlink(7)).</summary>
public static class LinkMessages
{
    private const ushort Create = LinuxNetlink.NLM_F_ACK | LinuxNetlink.NLM_F_CREATE | LinuxNetlink.NLM_F_EXCL;

    /// <summary>
    /// Makes a bridge that forwards at once (no spanning tree). Its hardware address is set here, because a bridge without one
    /// takes over its ports' and changes it as they come and go.
    /// </summary>
    public static NetlinkBatch AddBridge(this NetlinkBatch batch, string name, int mtu, PhysicalAddress address)
    {
        batch.Begin("RTM_NEWLINK", name, LinuxRtnetlink.RTM_NEWLINK, Create);
        batch.Buffer.Structure(new ifinfomsg());
        batch.Buffer.Text(LinuxRtnetlink.IFLA_IFNAME, name);
        batch.Buffer.Int32(LinuxRtnetlink.IFLA_MTU, mtu);
        batch.Buffer.Attribute(LinuxRtnetlink.IFLA_ADDRESS, address.GetAddressBytes());
        var info = batch.Buffer.BeginNest(LinuxRtnetlink.IFLA_LINKINFO);
        batch.Buffer.Text(LinuxRtnetlink.IFLA_INFO_KIND, "bridge");
        batch.Buffer.EndNest(info);
        batch.End();
        return batch;
    }

    /// <summary>Makes a pair of connected links, both down, the peer at once in its own namespace: moving it there later would cost a wait.</summary>
    public static NetlinkBatch AddVeth(this NetlinkBatch batch, VethPair pair)
    {
        var buffer = batch.Buffer;
        batch.Begin("RTM_NEWLINK", pair.Name, LinuxRtnetlink.RTM_NEWLINK, Create);
        buffer.Structure(new ifinfomsg());
        buffer.Text(LinuxRtnetlink.IFLA_IFNAME, pair.Name);
        buffer.Int32(LinuxRtnetlink.IFLA_MTU, pair.Mtu);
        buffer.Int32(LinuxRtnetlink.IFLA_MASTER, pair.Master);
        var info = buffer.BeginNest(LinuxRtnetlink.IFLA_LINKINFO);
        buffer.Text(LinuxRtnetlink.IFLA_INFO_KIND, "veth");
        var data = buffer.BeginNest(LinuxRtnetlink.IFLA_INFO_DATA);
        var peer = buffer.BeginNest(LinuxRtnetlink.VETH_INFO_PEER);
        buffer.Structure(new ifinfomsg());
        buffer.Text(LinuxRtnetlink.IFLA_IFNAME, pair.PeerName);
        buffer.Int32(LinuxRtnetlink.IFLA_MTU, pair.Mtu);
        buffer.Attribute(LinuxRtnetlink.IFLA_ADDRESS, pair.PeerAddress.GetAddressBytes());
        buffer.Int32(LinuxRtnetlink.IFLA_NET_NS_FD, pair.PeerNamespace.Descriptor.Number);
        buffer.EndNest(peer);
        buffer.EndNest(data);
        buffer.EndNest(info);
        batch.End();
        return batch;
    }

    public static NetlinkBatch ChangeLink(this NetlinkBatch batch, LinkChange change)
    {
        var buffer = batch.Buffer;
        var target = change.Name ?? change.Index.ToString(CultureInfo.InvariantCulture);
        batch.Begin("RTM_NEWLINK", target, LinuxRtnetlink.RTM_NEWLINK, LinuxNetlink.NLM_F_ACK);
        buffer.Structure(new ifinfomsg
        {
            ifi_index = change.Index,
            ifi_flags = change.Up is true ? LinuxRtnetlink.IFF_UP : 0,
            ifi_change = change.Up is null ? 0 : LinuxRtnetlink.IFF_UP,
        });
        if (change.Name is { } name)
        {
            buffer.Text(LinuxRtnetlink.IFLA_IFNAME, name);
        }

        if (change.Address is { } address)
        {
            buffer.Attribute(LinuxRtnetlink.IFLA_ADDRESS, address.GetAddressBytes());
        }

        if (change.Mtu is { } mtu)
        {
            buffer.Int32(LinuxRtnetlink.IFLA_MTU, mtu);
        }

        if (change.Master is { } master)
        {
            buffer.Int32(LinuxRtnetlink.IFLA_MASTER, master);
        }

        if (change.Hairpin is not null || change.Isolated is not null)
        {
            AddBridgePort(buffer, change);
        }

        if (change.NoLinkLocalAddress)
        {
            AddNoLinkLocalAddress(buffer);
        }

        batch.End();
        return batch;
    }

    public static NetlinkBatch DeleteLink(this NetlinkBatch batch, string name)
    {
        batch.Begin("RTM_DELLINK", name, LinuxRtnetlink.RTM_DELLINK, LinuxNetlink.NLM_F_ACK);
        batch.Buffer.Structure(new ifinfomsg());
        batch.Buffer.Text(LinuxRtnetlink.IFLA_IFNAME, name);
        batch.End();
        return batch;
    }

    internal static NetlinkBatch GetLink(this NetlinkBatch batch, string name)
    {
        batch.Begin("RTM_GETLINK", name, LinuxRtnetlink.RTM_GETLINK, LinuxNetlink.NLM_F_ACK);
        batch.Buffer.Structure(new ifinfomsg());
        batch.Buffer.Text(LinuxRtnetlink.IFLA_IFNAME, name);
        batch.End();
        return batch;
    }

    internal static NetlinkBatch DumpLinks(this NetlinkBatch batch)
    {
        batch.Begin("RTM_GETLINK", "dump", LinuxRtnetlink.RTM_GETLINK, LinuxNetlink.NLM_F_DUMP);
        batch.Buffer.Structure(new ifinfomsg());
        batch.End();
        return batch;
    }

    private static void AddBridgePort(NetlinkBuffer buffer, LinkChange change)
    {
        var info = buffer.BeginNest(LinuxRtnetlink.IFLA_LINKINFO);
        buffer.Text(LinuxRtnetlink.IFLA_INFO_SLAVE_KIND, "bridge");
        var data = buffer.BeginNest(LinuxRtnetlink.IFLA_INFO_SLAVE_DATA);
        if (change.Hairpin is { } hairpin)
        {
            buffer.Byte(LinuxRtnetlink.IFLA_BRPORT_MODE, hairpin ? (byte)1 : (byte)0);
        }

        if (change.Isolated is { } isolated)
        {
            buffer.Byte(LinuxRtnetlink.IFLA_BRPORT_ISOLATED, isolated ? (byte)1 : (byte)0);
        }

        buffer.EndNest(data);
        buffer.EndNest(info);
    }

    private static void AddNoLinkLocalAddress(NetlinkBuffer buffer)
    {
        var families = buffer.BeginNest(LinuxRtnetlink.IFLA_AF_SPEC);
        var inet6 = buffer.BeginNest(LinuxRtnetlink.AF_INET6);
        buffer.Byte(LinuxRtnetlink.IFLA_INET6_ADDR_GEN_MODE, LinuxRtnetlink.IN6_ADDR_GEN_MODE_NONE);
        buffer.EndNest(inet6);
        buffer.EndNest(families);
    }
}
