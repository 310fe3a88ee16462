using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Berth.Engine.Networks;

namespace Berth.Daemon.Options;

/// <summary>A pool of subnets as it is configured: <c>base=10.10.0.0/16,size=24</c>.</summary>
static class AddressPoolText
{
    /// <exception cref="FormatException">It is no pool.</exception>
    public static SubnetPool Parse(string text)
    {
        IPNetwork? range = null;
        int? size = null;
        foreach (var field in text.Split(','))
        {
            var (name, value) = field.Split('=', 2) is [var left, var right] ? (left.Trim().ToLowerInvariant(), right.Trim()) : ("", "");
            switch (name)
            {
                case "base":
                    range = Network(value) ?? throw new FormatException($"invalid base of a pool: {value} (an IPv4 subnet)");
                    break;
                case "size":
                    size = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                        ? number
                        : throw new FormatException($"invalid size of a pool: {value}");
                    break;
                default:
                    throw new FormatException($"invalid field '{field}' of a pool: it has a base and a size");
            }
        }

        return (range, size) switch
        {
            (null, _) or (_, null) => throw new FormatException("a pool has a base and a size"),
            ({ } cut, { } length) when length < cut.PrefixLength || length > 30 =>
                throw new FormatException($"invalid size of a pool: {length} (from the prefix length of its base, {cut.PrefixLength}, to 30)"),
            ({ } cut, { } length) => new SubnetPool(cut, length),
        };
    }

    /// <summary>An IPv4 subnet; bits behind its prefix are dropped. Null: it is none.</summary>
    public static IPNetwork? Network(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && IPAddress.TryParse(text.AsSpan(0, slash), out var address) && address.AddressFamily == AddressFamily.InterNetwork
            && int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length is >= 1 and <= 32
            ? BridgeAddressText.Around(address, length)
            : null;
    }
}
