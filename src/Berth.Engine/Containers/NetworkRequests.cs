using Berth.Api.Containers;
using Berth.Engine.Networks;

namespace Berth.Engine.Containers;

/// <summary>What a container asks of its network.</summary>
internal static class NetworkRequests
{
    /// <param name="container">The container.</param>
    /// <param name="hostname">As it calls itself.</param>
    /// <param name="linkHosts">What its links add to its extra hosts.</param>
    public static ContainerNetworkRequest Of(Container container, string hostname, IReadOnlyList<string> linkHosts)
    {
        var (record, host) = (container.Record, container.HostConfig);
        var endpoint = record.Endpoints.Values.FirstOrDefault() ?? new EndpointSettings();
        return new ContainerNetworkRequest
        {
            ContainerId = container.Id,
            Name = container.Name,
            Hostname = hostname,
            DomainName = record.Config.Domainname,
            NetworkMode = record.Config.NetworkDisabled ? "none" : host.NetworkMode,
            Aliases = endpoint.Aliases ?? [],
            IPAddress = endpoint.IPAMConfig?.IPv4Address is { Length: > 0 } address ? address : null,
            MacAddress = endpoint.MacAddress is { Length: > 0 } mac ? mac : null,
            ExposedPorts = [.. record.Config.ExposedPorts?.Keys ?? []],
            PortBindings = host.PortBindings ?? new Dictionary<string, IReadOnlyList<PortBinding>?>(),
            PublishAllPorts = host.PublishAllPorts,
            Dns = host.Dns ?? [],
            DnsSearch = host.DnsSearch ?? [],
            DnsOptions = host.DnsOptions ?? [],
            ExtraHosts = [.. host.ExtraHosts ?? [], .. linkHosts],
        };
    }
}
