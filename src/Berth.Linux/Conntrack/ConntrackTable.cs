using Berth.Linux.Native;
using Berth.Linux.Netlink;

namespace Berth.Linux.Conntrack;

/// <summary>The kernel's memory of the flows of IPv4 that pass the firewall.</summary>
public static class ConntrackTable
{
    /// <summary>
    /// Forgets flows, so that their next packet is judged by the rules as they are now: translation is decided for the first
    /// packet of a flow only.
    /// </summary>
    public static void Forget(this NetlinkSocket socket, Func<ConntrackFlow, bool> which)
    {
        var question = new NetlinkBatch();
        Begin(question, "IPCTNL_MSG_CT_GET", LinuxConntrack.IPCTNL_MSG_CT_GET, LinuxNetlink.NLM_F_DUMP);
        question.End();
        foreach (var message in socket.Query(question).Where(m => m.Type == Type(LinuxConntrack.IPCTNL_MSG_CT_NEW)))
        {
            if (ConntrackFlow.Read(message) is { } flow && which(flow))
            {
                Delete(socket, flow);
            }
        }
    }

    private static void Delete(NetlinkSocket socket, ConntrackFlow flow)
    {
        var batch = new NetlinkBatch();
        Begin(batch, "IPCTNL_MSG_CT_DELETE", LinuxConntrack.IPCTNL_MSG_CT_DELETE, LinuxNetlink.NLM_F_ACK);
        batch.Buffer.Attribute(LinuxConntrack.CTA_TUPLE_ORIG | LinuxNetlink.NLA_F_NESTED, flow.Tuple);
        batch.Buffer.Attribute(LinuxConntrack.CTA_ID, flow.Id);
        batch.End();
        if (socket.TryExecute(batch) is { } failure && failure.Errno != Errno.ENOENT)
        {
            throw failure;
        }
    }

    private static ushort Type(ushort message) => (ushort)((LinuxConntrack.NFNL_SUBSYS_CTNETLINK << 8) | message);

    private static void Begin(NetlinkBatch batch, string call, ushort message, ushort flags)
    {
        batch.Begin(call, "flow", Type(message), flags);
        batch.Buffer.Structure(new nfgenmsg { nfgen_family = LinuxNfTables.NFPROTO_IPV4 });
    }
}
