using System.Net;
using System.Net.Sockets;
using Berth.Linux.Native;

namespace Berth.Linux.Netlink;

/// <summary>Messages about the addresses of links (rtnetlink(7)).</summary>
public static class AddressMessages
{
    /// <summary>Gives a link an address. An IPv6 address is used at once: nobody is asked whether it is taken.</summary>
    public static NetlinkBatch AddAddress(this NetlinkBatch batch, int link, IPAddress address, int prefixLength)
    {
        Write(batch, "RTM_NEWADDR", LinuxRtnetlink.RTM_NEWADDR, LinuxNetlink.NLM_F_ACK | LinuxNetlink.NLM_F_CREATE | LinuxNetlink.NLM_F_EXCL, link, address, prefixLength);
        return batch;
    }

    public static NetlinkBatch DeleteAddress(this NetlinkBatch batch, int link, IPAddress address, int prefixLength)
    {
        Write(batch, "RTM_DELADDR", LinuxRtnetlink.RTM_DELADDR, LinuxNetlink.NLM_F_ACK, link, address, prefixLength);
        return batch;
    }

    internal static NetlinkBatch DumpAddresses(this NetlinkBatch batch)
    {
        batch.Begin("RTM_GETADDR", "dump", LinuxRtnetlink.RTM_GETADDR, LinuxNetlink.NLM_F_DUMP);
        batch.Buffer.Structure(new ifaddrmsg());
        batch.End();
        return batch;
    }

    private static void Write(NetlinkBatch batch, string call, ushort type, ushort flags, int link, IPAddress address, int prefixLength)
    {
        var bytes = address.GetAddressBytes();
        var inet4 = address.AddressFamily == AddressFamily.InterNetwork;
        batch.Begin(call, $"{address}/{prefixLength}", type, flags);
        batch.Buffer.Structure(new ifaddrmsg
        {
            ifa_family = inet4 ? LinuxRtnetlink.AF_INET : LinuxRtnetlink.AF_INET6,
            ifa_prefixlen = (byte)prefixLength,
            ifa_flags = inet4 ? (byte)0 : LinuxRtnetlink.IFA_F_NODAD,
            ifa_index = (uint)link,
        });
        batch.Buffer.Attribute(LinuxRtnetlink.IFA_LOCAL, bytes);
        batch.Buffer.Attribute(LinuxRtnetlink.IFA_ADDRESS, bytes);
        if (inet4 && prefixLength < 31)
        {
            for (var bit = prefixLength; bit < 32; bit++)
            {
                bytes[bit / 8] |= (byte)(0x80 >> (bit % 8));
            }

            batch.Buffer.Attribute(LinuxRtnetlink.IFA_BROADCAST, bytes);
        }

        batch.End();
    }
}
