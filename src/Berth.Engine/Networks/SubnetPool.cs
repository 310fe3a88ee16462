using System.Net;

namespace Berth.Engine.Networks;

/// <summary>A range of addresses that is cut into subnets of one size.</summary>
/// <param name="Base">The range.</param>
/// <param name="Size">The prefix length of each subnet.</param>
public sealed record SubnetPool(IPNetwork Base, int Size);
