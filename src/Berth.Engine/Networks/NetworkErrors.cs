using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Berth.Linux;

namespace Berth.Engine.Networks;

/// <summary>Failures of networks, spelled as Docker spells them.</summary>
public static class NetworkErrors
{
    public static EngineException NotFound(string network) => new(ErrorKind.NotFound, $"network {network} not found");

    /// <summary>A feature that a later version brings.</summary>
    public static EngineException NotImplemented(string what) => new(ErrorKind.NotImplemented, $"not implemented: {what}");

    internal static EngineException Ambiguous(string term, string ids) =>
        new(ErrorKind.InvalidParameter, $"network {term} is ambiguous ({ids} matches found on ID prefix)");

    internal static EngineException PreDefined(string network) =>
        new(ErrorKind.Forbidden, $"{network} is a pre-defined network and cannot be removed");

    internal static EngineException InvalidTypeFilter(string type) => new(ErrorKind.InvalidParameter, $"invalid filter 'type={type}'");

    internal static EngineException NoFreeAddress() => new(ErrorKind.System, "no available IPv4 addresses on this network's address pools: bridge");

    internal static EngineException NoFreeSubnet() =>
        new(ErrorKind.System, "could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network");

    internal static EngineException AddressInUse() => new(ErrorKind.Forbidden, "Address already in use");

    internal static EngineException AddressOutsideSubnet(IPAddress address) =>
        new(ErrorKind.InvalidParameter, $"invalid address {address}: it does not belong to any of this network's subnets");

    internal static EngineException InvalidAddress(string text) => new(ErrorKind.InvalidParameter, $"invalid IP address: {text}");

    internal static EngineException InvalidMacAddress(string text) => new(ErrorKind.InvalidParameter, $"invalid MAC address: {text}");

    internal static EngineException InvalidBridgeAddress(string text) =>
        new(ErrorKind.InvalidParameter, $"invalid bridge address (bip): {text} is not an IPv4 address with a prefix length of 8 to 30");

    internal static EngineException InvalidExtraHost(string text) => new(ErrorKind.InvalidParameter, $"bad format for add-host: \"{text}\"");

    internal static EngineException InvalidPort(string text) => new(ErrorKind.InvalidParameter, $"invalid port specification: \"{text}\"");

    internal static EngineException NoBridge() =>
        new(ErrorKind.InvalidParameter, "the default bridge network is disabled on this daemon (bridge: none)");

    internal static EngineException NotABridge(string name) => new(ErrorKind.System, $"the link {name} exists and is not a bridge");

    internal static EngineException AllPortsAllocated() => new(ErrorKind.System, "all ports are allocated");

    internal static EngineException PortAllocated(IPAddress address, int port) =>
        new(ErrorKind.System, $"Bind for {new IPEndPoint(address, port)} failed: port is already allocated");

    internal static EngineException PortInUse(string protocol, IPEndPoint endpoint, Errno error)
    {
        // Go's words, lower-cased, as its net package has them.
        var network = protocol + (endpoint.AddressFamily == AddressFamily.InterNetwork ? "4" : "6");
        var why = error switch
        {
            Errno.EADDRINUSE => "address already in use",
            Errno.EADDRNOTAVAIL => "cannot assign requested address",
            Errno.EACCES => "permission denied",
            _ => ErrnoText.Of(error).ToLowerInvariant(),
        };
        return new EngineException(ErrorKind.System, $"failed to bind port {endpoint}/{protocol}: listen {network} {endpoint}: bind: {why}");
    }

    /// <summary>Says of which container's endpoint a port could not be published.</summary>
    internal static EngineException Publishing(string name, string endpointId, EngineException cause) =>
        new(cause.Kind, string.Create(CultureInfo.InvariantCulture, $"driver failed programming external connectivity on endpoint {name} ({endpointId}): {cause.Message}"), cause);
}
