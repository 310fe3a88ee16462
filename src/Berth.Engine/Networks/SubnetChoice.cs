using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Berth.Engine.Networks;

/// <summary>Finds a subnet that nothing on this host uses yet.</summary>
internal static class SubnetChoice
{
    /// <summary>
    /// Docker's default pools, begun in their middle: a Docker on the same machine takes them from the front. The last ones are
    /// small.
    /// </summary>
    private static readonly IPNetwork[] _candidates =
    [
        IPNetwork.Parse("172.30.0.0/16"), IPNetwork.Parse("172.31.0.0/16"),
        .. Enumerable.Range(17, 13).Select(i => Parse($"172.{i}.0.0/16")),
        .. Enumerable.Range(0, 16).Select(i => Parse($"192.168.{i * 16}.0/20")),
    ];

    /// <param name="used">Subnets of the host's addresses and routes; the default route does not count.</param>
    /// <returns>Null where every candidate overlaps one of them.</returns>
    /// <param name="pools">Where to look; empty: in Docker's.</param>
    internal static IPNetwork? FirstFree(IEnumerable<IPNetwork> used, IReadOnlyList<SubnetPool> pools)
    {
        var taken = used.Where(n => n.PrefixLength > 0 && n.BaseAddress.AddressFamily == AddressFamily.InterNetwork).ToList();
        foreach (var candidate in pools.Count == 0 ? _candidates : pools.SelectMany(SubnetsOf))
        {
            if (!taken.Any(n => Overlap(n, candidate)))
            {
                return candidate;
            }
        }

        return null;
    }

    private static IEnumerable<IPNetwork> SubnetsOf(SubnetPool pool)
    {
        var first = BinaryPrimitives.ReadUInt32BigEndian(pool.Base.BaseAddress.GetAddressBytes());
        var bytes = new byte[4];
        for (var number = 0L; number < 1L << (pool.Size - pool.Base.PrefixLength); number++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)(first + (number << (32 - pool.Size))));
            yield return new IPNetwork(new IPAddress(bytes), pool.Size);
        }
    }

    /// <summary>The first address of a subnet that a host can have.</summary>
    internal static IPAddress First(IPNetwork subnet)
    {
        var bytes = subnet.BaseAddress.GetAddressBytes();
        bytes[3]++;
        return new IPAddress(bytes);
    }

    internal static bool Overlap(IPNetwork one, IPNetwork other) => one.Contains(other.BaseAddress) || other.Contains(one.BaseAddress);

    /// <summary>The subnet that an address with a prefix length, such as 10.1.2.3/24, lies in.</summary>
    internal static IPNetwork Around(IPAddress address, int prefixLength)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = prefixLength; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPNetwork(new IPAddress(bytes), prefixLength);
    }

    private static IPNetwork Parse(FormattableString text) => IPNetwork.Parse(text.ToString(CultureInfo.InvariantCulture));
}
