using System.Net.NetworkInformation;

namespace Berth.Linux.Netlink;

/// <summary>What is to become of a link. Members that are null stay as they are.</summary>
public sealed record LinkChange
{
    /// <summary>The link's index; 0: it is known by its name.</summary>
    public int Index { get; init; }

    /// <summary>With an index: the link's new name. Without: the link that is meant.</summary>
    public string? Name { get; init; }

    public bool? Up { get; init; }

    public int? Mtu { get; init; }

    /// <summary>Index of the bridge that it becomes a port of; 0: of none.</summary>
    public int? Master { get; init; }

    public PhysicalAddress? Address { get; init; }

    /// <summary>Of a bridge's port: frames may leave by the port that they came from.</summary>
    public bool? Hairpin { get; init; }

    /// <summary>Of a bridge's port: it exchanges no frames with other ports that are isolated.</summary>
    public bool? Isolated { get; init; }

    /// <summary>The link gets no IPv6 link-local address of its own when it comes up.</summary>
    public bool NoLinkLocalAddress { get; init; }
}
