namespace Berth.Linux.Native;

/// <summary>linux/netfilter/nfnetlink_conntrack.h</summary>
internal static class LinuxConntrack
{
    internal const ushort NFNL_SUBSYS_CTNETLINK = 1;
    internal const ushort IPCTNL_MSG_CT_NEW = 0;
    internal const ushort IPCTNL_MSG_CT_GET = 1;
    internal const ushort IPCTNL_MSG_CT_DELETE = 2;

    internal const ushort CTA_TUPLE_ORIG = 1;
    internal const ushort CTA_ID = 12;
    internal const ushort CTA_TUPLE_IP = 1;
    internal const ushort CTA_TUPLE_PROTO = 2;
    internal const ushort CTA_IP_V4_DST = 2;
    internal const ushort CTA_PROTO_NUM = 1;
    internal const ushort CTA_PROTO_DST_PORT = 3;
}
