using System.Net.NetworkInformation;
using Berth.Api.Containers;
using Berth.Engine.Networks;

namespace Berth.Engine.Containers.Creation;

/// <summary>Which networks a container asks for, and what of each.</summary>
internal static class EndpointRequests
{
    /// <param name="mode">What its network mode means.</param>
    /// <param name="modeName">The mode as it was given.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="idOf">The id of a network by its name: clients compare it also with that of a container that does not run.</param>
    public static IReadOnlyDictionary<string, EndpointSettings> Of(
        NetworkMode mode, string modeName, CreateContainerRequest request, Func<string, string> idOf)
    {
        var endpoints = new Dictionary<string, EndpointSettings>();
        if (mode.Kind == NetworkModeKind.Container || request.NetworkDisabled)
        {
            return endpoints;
        }

        foreach (var (network, settings) in request.NetworkingConfig?.EndpointsConfig ?? new Dictionary<string, EndpointSettings?>())
        {
            endpoints[network == "default" ? mode.Target : network] = settings ?? new EndpointSettings();
        }

        // The network that the mode names is always one of them, and an old client's MAC address is meant for it.
        var own = endpoints.Remove(modeName, out var named) ? named
            : endpoints.Remove(mode.Target, out named) ? named
            : new EndpointSettings();
        endpoints[mode.Target] = own.MacAddress.Length == 0 && request.MacAddress is { Length: > 0 } mac ? own with { MacAddress = mac } : own;
        foreach (var (network, settings) in endpoints)
        {
            if (settings.MacAddress.Length > 0 && !(PhysicalAddress.TryParse(settings.MacAddress, out var parsed) && parsed.GetAddressBytes().Length == 6))
            {
                throw ContainerErrors.Invalid($"invalid config for network {network}: invalid MAC address {settings.MacAddress}");
            }
        }

        return endpoints.OrderBy(e => e.Key, StringComparer.Ordinal).ToDictionary(e => e.Key, e => e.Value with { NetworkID = idOf(e.Key) });
    }
}
