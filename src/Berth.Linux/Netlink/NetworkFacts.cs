using System.Net;
using System.Net.NetworkInformation;

namespace Berth.Linux.Netlink;

/// <summary>A link as the kernel describes it.</summary>
/// <param name="Index">Its number in its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Such as bridge or veth; null for hardware.</param>
/// <param name="Master">Index of the bridge that it is a port of; 0: of none.</param>
/// <param name="Mtu">The longest packet that it carries.</param>
/// <param name="Address">Its hardware address.</param>
/// <param name="Up">It is switched on.</param>
/// <param name="Carries">It is switched on at both ends, and all of the kernel has taken notice: packets pass.</param>
public sealed record Link(int Index, string Name, string? Kind, int Master, int Mtu, PhysicalAddress Address, bool Up, bool Carries);

/// <summary>An address of a link.</summary>
public sealed record LinkAddress(int Link, IPAddress Address, int PrefixLength);

/// <summary>A route, of any table.</summary>
public sealed record Route(IPNetwork Destination, IPAddress? Gateway, int Link, int Table);
