using Berth.Linux.Native;
using Berth.Linux.Netlink;

namespace Berth.Linux.Nftables;

/// <summary>Questions about the tables of the family ip, of any program.</summary>
public static class NftQueries
{
    public static bool HasTable(this NetlinkSocket socket, string table)
    {
        var batch = new NetlinkBatch();
        Begin(batch, "NFT_MSG_GETTABLE", table, LinuxNfTables.NFT_MSG_GETTABLE, LinuxNetlink.NLM_F_ACK);
        batch.Buffer.Text(LinuxNfTables.NFTA_TABLE_NAME, table);
        batch.End();
        var failure = socket.TryQuery(batch, out _);
        return failure switch
        {
            null => true,
            { Errno: Errno.ENOENT } => false,
            _ => throw failure,
        };
    }

    public static IReadOnlyList<NftChainFacts> Chains(this NetlinkSocket socket)
    {
        var batch = new NetlinkBatch();
        Begin(batch, "NFT_MSG_GETCHAIN", "dump", LinuxNfTables.NFT_MSG_GETCHAIN, LinuxNetlink.NLM_F_DUMP);
        batch.End();
        return [.. socket.Query(batch).Where(m => m.Type == Type(LinuxNfTables.NFT_MSG_NEWCHAIN)).Select(ReadChain)];
    }

    /// <returns>The rules of a chain in their order; none where there is no such chain.</returns>
    public static IReadOnlyList<NftRuleFacts> Rules(this NetlinkSocket socket, string table, string chain)
    {
        var batch = new NetlinkBatch();
        Begin(batch, "NFT_MSG_GETRULE", $"{table} {chain}", LinuxNfTables.NFT_MSG_GETRULE, LinuxNetlink.NLM_F_DUMP);
        batch.Buffer.Text(LinuxNfTables.NFTA_RULE_TABLE, table);
        batch.Buffer.Text(LinuxNfTables.NFTA_RULE_CHAIN, chain);
        batch.End();
        return [.. socket.Query(batch).Where(m => m.Type == Type(LinuxNfTables.NFT_MSG_NEWRULE)).Select(ReadRule)];
    }

    internal static ushort Type(ushort message) => (ushort)((LinuxNfTables.NFNL_SUBSYS_NFTABLES << 8) | message);

    private static void Begin(NetlinkBatch batch, string call, string target, ushort message, ushort flags)
    {
        batch.Begin(call, target, Type(message), flags);
        batch.Buffer.Structure(new nfgenmsg { nfgen_family = LinuxNfTables.NFPROTO_IPV4 });
    }

    private static NftChainFacts ReadChain(NetlinkMessage message)
    {
        var (table, name, drop) = ("", "", false);
        var attributes = message.Attributes<nfgenmsg>();
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case LinuxNfTables.NFTA_CHAIN_TABLE:
                    table = attributes.Text;
                    break;
                case LinuxNfTables.NFTA_CHAIN_NAME:
                    name = attributes.Text;
                    break;
                case LinuxNfTables.NFTA_CHAIN_POLICY:
                    drop = attributes.BigEndian32 == LinuxNfTables.NF_DROP;
                    break;
            }
        }

        return new NftChainFacts(table, name, drop);
    }

    private static NftRuleFacts ReadRule(NetlinkMessage message)
    {
        var (handle, comment) = (0UL, (string?)null);
        var attributes = message.Attributes<nfgenmsg>();
        while (attributes.Next())
        {
            if (attributes.Type == LinuxNfTables.NFTA_RULE_HANDLE)
            {
                handle = attributes.BigEndian64;
            }
            else if (attributes.Type == LinuxNfTables.NFTA_RULE_USERDATA)
            {
                comment = NftComment.Decode(attributes.Value);
            }
        }

        return new NftRuleFacts(handle, comment);
    }
}
