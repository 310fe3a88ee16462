using System.Globalization;
using Berth.Api.Networks;

namespace Berth.Engine.Networks;

public sealed partial class NetworkService
{
    /// <summary>Finds a network by name, id or the beginning of an id, with the containers on it.</summary>
    public NetworkInspect Inspect(string term) => Describe(Find(term)) with { Containers = ContainersOf(Find(term).Name) };

    /// <summary>Lists networks, without their containers.</summary>
    public IReadOnlyList<NetworkInspect> List(Filters filters)
    {
        filters.Validate("dangling", "driver", "id", "label", "name", "scope", "type");
        // All of them come with the engine, and stay when no container uses them.
        return filters.GetBoolean("dangling") is true
            ? []
            :
            [
                .. from record in Records.Values
                   where Exists(record)
                       && filters.Matches("driver", record.Driver)
                       && filters.Matches("id", id => record.Id.StartsWith(id, StringComparison.Ordinal))
                       && filters.Matches("name", name => record.Name.Contains(name, StringComparison.Ordinal))
                       && filters.Matches("scope", "local")
                       && filters.Matches("type", IsBuiltIn)
                       && filters.MatchesLabels("label", null)
                   orderby record.Name
                   select Describe(record),
            ];
    }

    /// <summary>Why a network is not removed: those there are come with the engine.</summary>
    public EngineException Removal(string term) => NetworkErrors.PreDefined(Find(term).Name);

    private static bool IsBuiltIn(string type) => type switch
    {
        "builtin" => true,
        "custom" => false,
        _ => throw NetworkErrors.InvalidTypeFilter(type),
    };

    private NetworkInspect Describe(NetworkRecord record) => new()
    {
        Name = record.Name,
        Id = record.Id,
        Created = record.Created.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffff00Z", CultureInfo.InvariantCulture),
        Driver = record.Driver,
        IPAM = new NetworkIpam { Config = record.Driver == "bridge" ? Subnets(record) : null },
        Options = record.Driver == "bridge" ? BridgeOptions() : new Dictionary<string, string>(),
        Labels = new Dictionary<string, string>(),
    };

    private static NetworkSubnet[] Subnets(NetworkRecord record)
    {
        if (record.BridgeAddress is not { } text || BridgeAddressText.Parse(text) is not (var address, var prefix))
        {
            return [];
        }

        return [new NetworkSubnet { Subnet = SubnetChoice.Around(address, prefix).ToString(), Gateway = address.ToString() }];
    }

    private Dictionary<string, string> BridgeOptions() => new()
    {
        ["com.docker.network.bridge.default_bridge"] = "true",
        ["com.docker.network.bridge.enable_icc"] = options.InterContainerTraffic ? "true" : "false",
        ["com.docker.network.bridge.enable_ip_masquerade"] = options.Masquerade ? "true" : "false",
        ["com.docker.network.bridge.host_binding_ipv4"] = options.DefaultPublishAddress,
        ["com.docker.network.bridge.name"] = options.Bridge,
        ["com.docker.network.driver.mtu"] = options.Mtu.ToString(CultureInfo.InvariantCulture),
    };

    private Dictionary<string, NetworkEndpoint> ContainersOf(string network)
    {
        var containers = new Dictionary<string, NetworkEndpoint>();
        foreach (var sandbox in _sandboxes.Values)
        {
            if (sandbox.Facts.Networks.TryGetValue(network, out var endpoint))
            {
                containers[sandbox.Facts.ContainerId] = new NetworkEndpoint
                {
                    Name = sandbox.Facts.Name,
                    EndpointID = endpoint.EndpointID,
                    MacAddress = endpoint.MacAddress,
                    IPv4Address = endpoint.IPAddress.Length > 0 ? $"{endpoint.IPAddress}/{endpoint.IPPrefixLen}" : "",
                };
            }
        }

        return containers.OrderBy(e => e.Key, StringComparer.Ordinal).ToDictionary();
    }
}
