using System.Buffers.Binary;
using Berth.Linux.Native;
using Berth.Linux.Netlink;

namespace Berth.Linux.Nftables;

/// <summary>Changes of one table that take effect together or not at all.</summary>
/// <remarks>All tables here are of the family ip: IPv4.</remarks>
public sealed class NftTransaction
{
    /// <summary>An attribute's length has 16 bits; a list of elements stays well below.</summary>
    private const int ElementsPerMessage = 400;

    private readonly NetlinkBatch _batch = new();
    private readonly string _table;
    private uint _sets;
    private bool _complete;

    public NftTransaction(string table)
    {
        _table = table;
        BeginBatch(LinuxNfTables.NFNL_MSG_BATCH_BEGIN);
    }

    /// <summary>Makes the table; one that exists stays as it is.</summary>
    public NftTransaction AddTable()
    {
        Begin("NFT_MSG_NEWTABLE", _table, LinuxNfTables.NFT_MSG_NEWTABLE, LinuxNetlink.NLM_F_CREATE);
        _batch.Buffer.Text(LinuxNfTables.NFTA_TABLE_NAME, _table);
        return End();
    }

    /// <summary>Deletes the table with all that is in it. It must exist: <see cref="AddTable"/> before it makes sure.</summary>
    public NftTransaction DeleteTable()
    {
        Begin("NFT_MSG_DELTABLE", _table, LinuxNfTables.NFT_MSG_DELTABLE, 0);
        _batch.Buffer.Text(LinuxNfTables.NFTA_TABLE_NAME, _table);
        return End();
    }

    public NftTransaction AddChain(NftChain chain)
    {
        Begin("NFT_MSG_NEWCHAIN", chain.Name, LinuxNfTables.NFT_MSG_NEWCHAIN, LinuxNetlink.NLM_F_CREATE);
        var buffer = _batch.Buffer;
        buffer.Text(LinuxNfTables.NFTA_CHAIN_TABLE, _table);
        buffer.Text(LinuxNfTables.NFTA_CHAIN_NAME, chain.Name);
        var hook = buffer.BeginNest(LinuxNfTables.NFTA_CHAIN_HOOK);
        buffer.BigEndian(LinuxNfTables.NFTA_HOOK_HOOKNUM, (uint)chain.Hook);
        buffer.BigEndian(LinuxNfTables.NFTA_HOOK_PRIORITY, unchecked((uint)chain.Priority));
        buffer.EndNest(hook);
        buffer.BigEndian(LinuxNfTables.NFTA_CHAIN_POLICY, LinuxNfTables.NF_ACCEPT);
        buffer.Text(LinuxNfTables.NFTA_CHAIN_TYPE, chain.Type);
        return End();
    }

    /// <summary>Adds a rule at the end of a chain.</summary>
    public NftTransaction AddRule(string chain, NftRule rule) => Rule(chain, rule, LinuxNetlink.NLM_F_APPEND);

    /// <summary>Puts a rule before all others of a chain.</summary>
    public NftTransaction InsertRule(string chain, NftRule rule) => Rule(chain, rule, 0);

    public NftTransaction DeleteRule(string chain, ulong handle)
    {
        Begin("NFT_MSG_DELRULE", chain, LinuxNfTables.NFT_MSG_DELRULE, 0);
        _batch.Buffer.Text(LinuxNfTables.NFTA_RULE_TABLE, _table);
        _batch.Buffer.Text(LinuxNfTables.NFTA_RULE_CHAIN, chain);
        _batch.Buffer.BigEndian(LinuxNfTables.NFTA_RULE_HANDLE, handle);
        return End();
    }

    public NftTransaction AddMap(NftMap map)
    {
        Begin("NFT_MSG_NEWSET", map.Name, LinuxNfTables.NFT_MSG_NEWSET, LinuxNetlink.NLM_F_CREATE);
        var buffer = _batch.Buffer;
        buffer.Text(LinuxNfTables.NFTA_SET_TABLE, _table);
        buffer.Text(LinuxNfTables.NFTA_SET_NAME, map.Name);
        buffer.BigEndian(LinuxNfTables.NFTA_SET_FLAGS, LinuxNfTables.NFT_SET_MAP);
        buffer.BigEndian(LinuxNfTables.NFTA_SET_KEY_TYPE, Concatenation(map.Key));
        buffer.BigEndian(LinuxNfTables.NFTA_SET_KEY_LEN, 4 * (uint)map.Key.Count);
        buffer.BigEndian(LinuxNfTables.NFTA_SET_DATA_TYPE, Concatenation(map.Data));
        buffer.BigEndian(LinuxNfTables.NFTA_SET_DATA_LEN, 4 * (uint)map.Data.Count);
        buffer.BigEndian(LinuxNfTables.NFTA_SET_ID, ++_sets);
        return End();
    }

    public NftTransaction AddElements(string map, IEnumerable<NftElement> elements) =>
        Elements("NFT_MSG_NEWSETELEM", LinuxNfTables.NFT_MSG_NEWSETELEM, LinuxNetlink.NLM_F_CREATE | LinuxNetlink.NLM_F_EXCL, map, elements);

    /// <summary>Deletes elements by their keys. All of them must exist.</summary>
    public NftTransaction DeleteElements(string map, IEnumerable<NftElement> elements) =>
        Elements("NFT_MSG_DELSETELEM", LinuxNfTables.NFT_MSG_DELSETELEM, 0, map, elements);

    /// <summary>Closes the transaction for its one send. The kernel answers the last message, which speaks for all.</summary>
    public NetlinkBatch Complete()
    {
        if (!_complete)
        {
            _complete = true;
            _batch.AcknowledgeLast();
            BeginBatch(LinuxNfTables.NFNL_MSG_BATCH_END);
        }

        return _batch;
    }

    /// <summary>nft's number for a concatenation of types: six bits for each.</summary>
    private static uint Concatenation(IReadOnlyList<NftType> types) => types.Aggregate(0u, (all, type) => (all << 6) | (uint)type);

    private NftTransaction Rule(string chain, NftRule rule, ushort flags)
    {
        Begin("NFT_MSG_NEWRULE", chain, LinuxNfTables.NFT_MSG_NEWRULE, (ushort)(LinuxNetlink.NLM_F_CREATE | flags));
        _batch.Buffer.Text(LinuxNfTables.NFTA_RULE_TABLE, _table);
        _batch.Buffer.Text(LinuxNfTables.NFTA_RULE_CHAIN, chain);
        rule.Write(_batch.Buffer);
        return End();
    }

    private NftTransaction Elements(string call, ushort type, ushort flags, string map, IEnumerable<NftElement> elements)
    {
        foreach (var some in elements.Chunk(ElementsPerMessage))
        {
            Begin(call, map, type, flags);
            var buffer = _batch.Buffer;
            buffer.Text(LinuxNfTables.NFTA_SET_ELEM_LIST_TABLE, _table);
            buffer.Text(LinuxNfTables.NFTA_SET_ELEM_LIST_SET, map);
            var list = buffer.BeginNest(LinuxNfTables.NFTA_SET_ELEM_LIST_ELEMENTS);
            foreach (var element in some)
            {
                var item = buffer.BeginNest(LinuxNfTables.NFTA_LIST_ELEM);
                NftExpression.Value(buffer, LinuxNfTables.NFTA_SET_ELEM_KEY, element.Key);
                if (type == LinuxNfTables.NFT_MSG_NEWSETELEM)
                {
                    NftExpression.Value(buffer, LinuxNfTables.NFTA_SET_ELEM_DATA, element.Data);
                }

                buffer.EndNest(item);
            }

            buffer.EndNest(list);
            End();
        }

        return this;
    }

    private void BeginBatch(ushort type)
    {
        _batch.Begin("nftables", _table, type, 0);
        // The subsystem stands in network byte order, alone among the numbers of these headers.
        _batch.Buffer.Structure(new nfgenmsg { res_id = BinaryPrimitives.ReverseEndianness(LinuxNfTables.NFNL_SUBSYS_NFTABLES) });
        _batch.End();
    }

    private void Begin(string call, string target, ushort message, ushort flags)
    {
        _batch.Begin(call, target, NftQueries.Type(message), flags);
        _batch.Buffer.Structure(new nfgenmsg { nfgen_family = LinuxNfTables.NFPROTO_IPV4 });
    }

    private NftTransaction End()
    {
        _batch.End();
        return this;
    }
}
