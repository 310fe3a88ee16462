using System.Net.NetworkInformation;

namespace Berth.Linux.Netlink;

/// <summary>A pair of connected links to be made: one end here, attached to a bridge; its peer in another namespace.</summary>
public sealed record VethPair
{
    public required string Name { get; init; }

    /// <summary>Index of the bridge that this end becomes a port of.</summary>
    public required int Master { get; init; }

    public required int Mtu { get; init; }

    public required string PeerName { get; init; }

    public required PhysicalAddress PeerAddress { get; init; }

    public required NetworkNamespace PeerNamespace { get; init; }
}
