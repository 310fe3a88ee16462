using System.Net;
using System.Net.Sockets;
using Berth.Linux.Native;

namespace Berth.Linux.Netlink;

/// <summary>Messages about routes of the main table (rtnetlink(7)).</summary>
public static class RouteMessages
{
    /// <param name="batch">The batch to add to.</param>
    /// <param name="destination">Where to; a prefix length of 0 is the default route.</param>
    /// <param name="gateway">Null: the destination is on the link itself.</param>
    /// <param name="link">Index of the link.</param>
    public static NetlinkBatch AddRoute(this NetlinkBatch batch, IPNetwork destination, IPAddress? gateway, int link)
    {
        Write(batch, "RTM_NEWROUTE", LinuxRtnetlink.RTM_NEWROUTE, LinuxNetlink.NLM_F_ACK | LinuxNetlink.NLM_F_CREATE | LinuxNetlink.NLM_F_EXCL, destination, gateway, link);
        return batch;
    }

    public static NetlinkBatch DeleteRoute(this NetlinkBatch batch, IPNetwork destination, IPAddress? gateway, int link)
    {
        Write(batch, "RTM_DELROUTE", LinuxRtnetlink.RTM_DELROUTE, LinuxNetlink.NLM_F_ACK, destination, gateway, link);
        return batch;
    }

    internal static NetlinkBatch DumpRoutes(this NetlinkBatch batch)
    {
        batch.Begin("RTM_GETROUTE", "dump", LinuxRtnetlink.RTM_GETROUTE, LinuxNetlink.NLM_F_DUMP);
        batch.Buffer.Structure(new rtmsg());
        batch.End();
        return batch;
    }

    private static void Write(NetlinkBatch batch, string call, ushort type, ushort flags, IPNetwork destination, IPAddress? gateway, int link)
    {
        batch.Begin(call, destination.ToString(), type, flags);
        batch.Buffer.Structure(new rtmsg
        {
            rtm_family = destination.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? LinuxRtnetlink.AF_INET : LinuxRtnetlink.AF_INET6,
            rtm_dst_len = (byte)destination.PrefixLength,
            rtm_table = LinuxRtnetlink.RT_TABLE_MAIN,
            rtm_protocol = LinuxRtnetlink.RTPROT_BOOT,
            rtm_scope = gateway is null ? LinuxRtnetlink.RT_SCOPE_LINK : LinuxRtnetlink.RT_SCOPE_UNIVERSE,
            rtm_type = LinuxRtnetlink.RTN_UNICAST,
        });
        if (destination.PrefixLength > 0)
        {
            batch.Buffer.Attribute(LinuxRtnetlink.RTA_DST, destination.BaseAddress.GetAddressBytes());
        }

        if (gateway is not null)
        {
            batch.Buffer.Attribute(LinuxRtnetlink.RTA_GATEWAY, gateway.GetAddressBytes());
        }

        batch.Buffer.Int32(LinuxRtnetlink.RTA_OIF, link);
        batch.End();
    }
}
