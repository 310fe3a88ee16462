using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Berth.Engine.Networks;

/// <summary>The address of a bridge as it is configured: 172.30.0.1/16.</summary>
public static class BridgeAddressText
{
    /// <summary>Null: no bridge with containers on it could have it.</summary>
    public static (IPAddress Address, int PrefixLength)? Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && AddressText.Parse(text[..slash]) is { AddressFamily: AddressFamily.InterNetwork } address
            && int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var prefix) && prefix is >= 8 and <= 30
            && IsOfOneHost(address, prefix)
            ? (address, prefix)
            : null;
    }

    /// <summary>The subnet that an address lies in.</summary>
    public static IPNetwork Around(IPAddress address, int prefixLength) => SubnetChoice.Around(address, prefixLength);

    /// <summary>Neither the subnet's own address nor the one for all in it.</summary>
    private static bool IsOfOneHost(IPAddress address, int prefixLength)
    {
        var host = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes()) << prefixLength;
        return host != 0 && host != uint.MaxValue << prefixLength;
    }
}
