using System.Net;
using System.Text;
using Berth.Linux.Native;
using Berth.Linux.Netlink;

namespace Berth.Linux.Nftables;

/// <summary>Bits of <c>ct state</c>.</summary>
[Flags]
public enum ConntrackStates
{
    Invalid = 1,
    Established = 2,
    Related = 4,
    New = 8,
}

/// <summary>A rule for packets of IPv4: matches from left to right, then what happens to a packet that they all hold for.</summary>
public sealed class NftRule
{
    private readonly List<NftExpression> _expressions = [];
    private string? _comment;

    public NftRule In(string link) => Interface(LinuxNfTables.NFT_META_IIFNAME, link, LinuxNfTables.NFT_CMP_EQ);

    public NftRule NotIn(string link) => Interface(LinuxNfTables.NFT_META_IIFNAME, link, LinuxNfTables.NFT_CMP_NEQ);

    public NftRule Out(string link) => Interface(LinuxNfTables.NFT_META_OIFNAME, link, LinuxNfTables.NFT_CMP_EQ);

    public NftRule NotOut(string link) => Interface(LinuxNfTables.NFT_META_OIFNAME, link, LinuxNfTables.NFT_CMP_NEQ);

    public NftRule From(IPNetwork network) => Address(12, network);

    public NftRule To(IPNetwork network) => Address(16, network);

    /// <summary>The packet is for an address of this host.</summary>
    public NftRule ToThisHost() => Add(
        NftExpression.DestinationKind(LinuxNfTables.NFT_REG_1),
        NftExpression.Compare(LinuxNfTables.NFT_REG_1, LinuxNfTables.NFT_CMP_EQ, BitConverter.GetBytes(LinuxNfTables.RTN_LOCAL)));

    public NftRule State(ConntrackStates states) => Bits(LinuxNfTables.NFT_CT_STATE, (uint)states);

    /// <summary>The destination of the packet's connection was translated.</summary>
    public NftRule DestinationTranslated() => Bits(LinuxNfTables.NFT_CT_STATUS, LinuxNfTables.IPS_DST_NAT);

    public NftRule Count() => Add(NftExpression.Counter());

    /// <summary>Shown by nft and iptables, and what a rule in another program's chain is known by.</summary>
    public NftRule Comment(string comment)
    {
        _comment = comment;
        return this;
    }

    public NftRule Accept() => Add(NftExpression.Verdict(LinuxNfTables.NF_ACCEPT));

    public NftRule Drop() => Add(NftExpression.Verdict(LinuxNfTables.NF_DROP));

    public NftRule Return() => Add(NftExpression.Verdict(LinuxNfTables.NFT_RETURN));

    public NftRule Masquerade() => Add(NftExpression.Masquerade());

    /// <summary>Sends the packet where the map of (protocol, port) says; nothing happens where it says nothing.</summary>
    public NftRule TranslateByPort(string map) => Add(
        NftExpression.Meta(LinuxNfTables.NFT_META_L4PROTO, Register(0)),
        DestinationPort(1),
        NftExpression.Lookup(map, Register(0), Register(0)),
        NftExpression.DestinationNat(Register(0), Register(1)));

    /// <summary>Sends the packet where the map of (address, protocol, port) says; nothing happens where it says nothing.</summary>
    public NftRule TranslateByAddressAndPort(string map) => Add(
        NftExpression.Payload(LinuxNfTables.NFT_PAYLOAD_NETWORK_HEADER, 16, 4, Register(0)),
        NftExpression.Meta(LinuxNfTables.NFT_META_L4PROTO, Register(1)),
        DestinationPort(2),
        NftExpression.Lookup(map, Register(0), Register(0)),
        NftExpression.DestinationNat(Register(0), Register(1)));

    /// <summary>
    /// A match on a link's name in the length that iptables-nft writes, so that iptables can still show a chain with this rule.
    /// A "+" at the end stands for any rest, as there.
    /// </summary>
    public NftRule IptablesIn(string link) => IptablesInterface(LinuxNfTables.NFT_META_IIFNAME, link);

    public NftRule IptablesOut(string link) => IptablesInterface(LinuxNfTables.NFT_META_OIFNAME, link);

    internal void Write(NetlinkBuffer buffer)
    {
        var list = buffer.BeginNest(LinuxNfTables.NFTA_RULE_EXPRESSIONS);
        foreach (var expression in _expressions)
        {
            var element = buffer.BeginNest(LinuxNfTables.NFTA_LIST_ELEM);
            buffer.Text(LinuxNfTables.NFTA_EXPR_NAME, expression.Name);
            buffer.Attribute(LinuxNfTables.NFTA_EXPR_DATA | LinuxNetlink.NLA_F_NESTED, expression.Data);
            buffer.EndNest(element);
        }

        buffer.EndNest(list);
        if (_comment is not null)
        {
            buffer.Attribute(LinuxNfTables.NFTA_RULE_USERDATA, NftComment.Encode(_comment));
        }
    }

    private static uint Register(uint index) => LinuxNfTables.NFT_REG32_00 + index;

    private static NftExpression DestinationPort(uint register) =>
        NftExpression.Payload(LinuxNfTables.NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2, Register(register));

    private NftRule Interface(uint key, string link, uint operation) => Add(
        NftExpression.Meta(key, LinuxNfTables.NFT_REG_1),
        NftExpression.Compare(LinuxNfTables.NFT_REG_1, operation, NftExpression.InterfaceName(link)));

    private NftRule IptablesInterface(uint key, string link) => Add(
        NftExpression.Meta(key, LinuxNfTables.NFT_REG_1),
        NftExpression.Compare(
            LinuxNfTables.NFT_REG_1, LinuxNfTables.NFT_CMP_EQ, Encoding.UTF8.GetBytes(link.EndsWith('+') ? link[..^1] : link + '\0')));

    private NftRule Address(uint offset, IPNetwork network)
    {
        Add(NftExpression.Payload(LinuxNfTables.NFT_PAYLOAD_NETWORK_HEADER, offset, 4, LinuxNfTables.NFT_REG_1));
        if (network.PrefixLength < 32)
        {
            Add(NftExpression.And(LinuxNfTables.NFT_REG_1, NftExpression.Mask(network)));
        }

        return Add(NftExpression.Compare(LinuxNfTables.NFT_REG_1, LinuxNfTables.NFT_CMP_EQ, network.BaseAddress.GetAddressBytes()));
    }

    private NftRule Bits(uint key, uint bits) => Add(
        NftExpression.Conntrack(key, LinuxNfTables.NFT_REG_1),
        NftExpression.And(LinuxNfTables.NFT_REG_1, BitConverter.GetBytes(bits)),
        NftExpression.Compare(LinuxNfTables.NFT_REG_1, LinuxNfTables.NFT_CMP_NEQ, new byte[4]));

    private NftRule Add(params ReadOnlySpan<NftExpression> expressions)
    {
        _expressions.AddRange(expressions);
        return this;
    }
}
