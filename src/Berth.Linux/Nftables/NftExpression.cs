using System.Globalization;
using System.Net;
using System.Text;
using Berth.Linux.Native;
using Berth.Linux.Netlink;

namespace Berth.Linux.Nftables;

/// <summary>One instruction of a rule, as the kernel's little machine runs it on registers: its name and its attributes.</summary>
internal sealed record NftExpression(string Name, byte[] Data)
{
    private const int InterfaceNameLength = 16;

    internal static NftExpression Counter() => new("counter", []);

    internal static NftExpression Masquerade() => new("masq", []);

    internal static NftExpression Meta(uint key, uint register) => Build("meta", b =>
    {
        b.BigEndian(LinuxNfTables.NFTA_META_DREG, register);
        b.BigEndian(LinuxNfTables.NFTA_META_KEY, key);
    });

    internal static NftExpression Conntrack(uint key, uint register) => Build("ct", b =>
    {
        b.BigEndian(LinuxNfTables.NFTA_CT_DREG, register);
        b.BigEndian(LinuxNfTables.NFTA_CT_KEY, key);
    });

    internal static NftExpression Payload(uint header, uint offset, uint length, uint register) => Build("payload", b =>
    {
        b.BigEndian(LinuxNfTables.NFTA_PAYLOAD_DREG, register);
        b.BigEndian(LinuxNfTables.NFTA_PAYLOAD_BASE, header);
        b.BigEndian(LinuxNfTables.NFTA_PAYLOAD_OFFSET, offset);
        b.BigEndian(LinuxNfTables.NFTA_PAYLOAD_LEN, length);
    });

    /// <summary>What kind of address the packet is for, from this host's routes.</summary>
    internal static NftExpression DestinationKind(uint register) => Build("fib", b =>
    {
        b.BigEndian(LinuxNfTables.NFTA_FIB_DREG, register);
        b.BigEndian(LinuxNfTables.NFTA_FIB_RESULT, LinuxNfTables.NFT_FIB_RESULT_ADDRTYPE);
        b.BigEndian(LinuxNfTables.NFTA_FIB_FLAGS, LinuxNfTables.NFTA_FIB_F_DADDR);
    });

    internal static NftExpression And(uint register, byte[] mask) => Build("bitwise", b =>
    {
        b.BigEndian(LinuxNfTables.NFTA_BITWISE_SREG, register);
        b.BigEndian(LinuxNfTables.NFTA_BITWISE_DREG, register);
        b.BigEndian(LinuxNfTables.NFTA_BITWISE_LEN, (uint)mask.Length);
        Value(b, LinuxNfTables.NFTA_BITWISE_MASK, mask);
        Value(b, LinuxNfTables.NFTA_BITWISE_XOR, new byte[mask.Length]);
    });

    internal static NftExpression Compare(uint register, uint operation, byte[] value) => Build("cmp", b =>
    {
        b.BigEndian(LinuxNfTables.NFTA_CMP_SREG, register);
        b.BigEndian(LinuxNfTables.NFTA_CMP_OP, operation);
        Value(b, LinuxNfTables.NFTA_CMP_DATA, value);
    });

    internal static NftExpression Lookup(string set, uint source, uint result) => Build("lookup", b =>
    {
        b.Text(LinuxNfTables.NFTA_LOOKUP_SET, set);
        b.BigEndian(LinuxNfTables.NFTA_LOOKUP_SREG, source);
        b.BigEndian(LinuxNfTables.NFTA_LOOKUP_DREG, result);
    });

    internal static NftExpression DestinationNat(uint address, uint port) => Build("nat", b =>
    {
        b.BigEndian(LinuxNfTables.NFTA_NAT_TYPE, LinuxNfTables.NFT_NAT_DNAT);
        b.BigEndian(LinuxNfTables.NFTA_NAT_FAMILY, LinuxNfTables.NFPROTO_IPV4);
        b.BigEndian(LinuxNfTables.NFTA_NAT_REG_ADDR_MIN, address);
        b.BigEndian(LinuxNfTables.NFTA_NAT_REG_PROTO_MIN, port);
    });

    internal static NftExpression Verdict(int code) => Build("immediate", b =>
    {
        b.BigEndian(LinuxNfTables.NFTA_IMMEDIATE_DREG, LinuxNfTables.NFT_REG_VERDICT);
        var data = b.BeginNest(LinuxNfTables.NFTA_IMMEDIATE_DATA);
        var verdict = b.BeginNest(LinuxNfTables.NFTA_DATA_VERDICT);
        b.BigEndian(LinuxNfTables.NFTA_VERDICT_CODE, unchecked((uint)code));
        b.EndNest(verdict);
        b.EndNest(data);
    });

    /// <summary>A link's name, filled up to the length that the kernel keeps names in.</summary>
    internal static byte[] InterfaceName(string name)
    {
        var bytes = new byte[InterfaceNameLength];
        if (!Encoding.UTF8.TryGetBytes(name, bytes.AsSpan(0, InterfaceNameLength - 1), out _))
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"longer than {InterfaceNameLength - 1} bytes"), nameof(name));
        }

        return bytes;
    }

    internal static byte[] Mask(IPNetwork network)
    {
        var mask = new byte[network.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 4 : 16];
        for (var bit = 0; bit < network.PrefixLength; bit++)
        {
            mask[bit / 8] |= (byte)(0x80 >> (bit % 8));
        }

        return mask;
    }

    internal static void Value(NetlinkBuffer buffer, ushort type, ReadOnlySpan<byte> value)
    {
        var nest = buffer.BeginNest(type);
        buffer.Attribute(LinuxNfTables.NFTA_DATA_VALUE, value);
        buffer.EndNest(nest);
    }

    private static NftExpression Build(string name, Action<NetlinkBuffer> write)
    {
        var buffer = new NetlinkBuffer(64);
        write(buffer);
        return new NftExpression(name, buffer.Written.ToArray());
    }
}
