using Berth.Api.Containers;
using Berth.Cli.CommandLine;

namespace Berth.Cli.Options;

/// <summary>The flags about the container's networks, names and ports.</summary>
sealed class NetworkFlags
{
    private readonly ListFlag<string> _addHost;
    private readonly ListFlag<string> _dns;
    private readonly ListFlag<string> _dnsOption;
    private readonly ListFlag<string> _dnsSearch;
    private readonly ListFlag<string> _expose;
    private readonly Flag<string> _ip;
    private readonly Flag<string> _ip6;
    private readonly ListFlag<string> _link;
    private readonly ListFlag<string> _linkLocalIp;
    private readonly Flag<string> _macAddress;
    private readonly ListFlag<NetworkOption> _network;
    private readonly ListFlag<string> _networkAlias;
    private readonly ListFlag<string> _publish;
    private readonly Flag<bool> _publishAll;

    public NetworkFlags(FlagSet flags)
    {
        _addHost = flags.List("add-host", null, "Add a custom host-to-IP mapping (host:ip)", Validation.ExtraHost);
        _dns = flags.List("dns", null, "Set custom DNS servers", Validation.Address);
        _dnsOption = flags.List("dns-option", null, "Set DNS options");
        _dnsSearch = flags.List("dns-search", null, "Set custom DNS search domains", Validation.SearchDomain);
        _expose = flags.List("expose", null, "Expose a port or a range of ports");
        _ip = flags.String("ip", null, "IPv4 address (e.g., 172.30.100.104)");
        _ip6 = flags.String("ip6", null, "IPv6 address (e.g., 2001:db8::33)");
        _link = flags.List("link", null, "Add link to another container", Validation.Link);
        _linkLocalIp = flags.List("link-local-ip", null, "Container IPv4/IPv6 link-local addresses");
        _macAddress = flags.String("mac-address", null, "Container MAC address (e.g., 92:d0:c6:0a:29:33)");
        _network = flags.Add(new ListFlag<NetworkOption>("network", null, "network", "Connect a container to a network", NetworkOption.Add));
        _networkAlias = flags.List("network-alias", null, "Add network-scoped alias for the container");
        _publish = flags.List("publish", 'p', "Publish a container's port(s) to the host");
        _publishAll = flags.Bool("publish-all", 'P', "Publish all exposed ports to random ports");
        flags.Alias("dns-opt", _dnsOption);
        flags.Alias("net", _network);
        flags.Alias("net-alias", _networkAlias);
    }

    public CreateContainerRequest Apply(CreateContainerRequest request, HostConfig host)
    {
        if (_macAddress.Value.Length > 0 && !NetworkOption.IsMacAddress(_macAddress.Value))
        {
            throw new CommandException($"{_macAddress.Value} is not a valid mac address");
        }

        var ports = new PortOption();
        _publish.Values.ForEach(ports.Publish);
        _expose.Values.ForEach(ports.Expose);
        var endpoints = Endpoints();
        return request with
        {
            ExposedPorts = ports.Exposed.Count > 0 ? ports.Exposed : null,
            NetworkingConfig = new NetworkingConfig { EndpointsConfig = endpoints },
            HostConfig = host with
            {
                NetworkMode = _network.Values.Count > 0 ? _network.Values[0].Target : "default",
                PortBindings = ports.Bindings,
                PublishAllPorts = _publishAll.Value,
                Dns = _dns.Values,
                DnsOptions = _dnsOption.Values,
                DnsSearch = _dnsSearch.Values,
                ExtraHosts = _addHost.IsSet ? _addHost.Values : null,
                Links = _link.IsSet ? _link.Values : null,
            },
        };
    }

    private Dictionary<string, EndpointSettings?> Endpoints()
    {
        List<NetworkOption> networks = _network.Values.Count > 0 ? [.. _network.Values] : [new NetworkOption("default")];
        networks[0] = WithSeparateFlags(networks[0]);
        var endpoints = new Dictionary<string, EndpointSettings?>();
        foreach (var network in networks)
        {
            var endpoint = Endpoint(network);
            if (!endpoints.TryAdd(network.Target, endpoint))
            {
                throw new CommandException($"network {GoText.Quote(network.Target)} is specified multiple times");
            }
        }

        if (networks.Exists(network => network.IsUserDefined) && !networks.TrueForAll(network => network.IsUserDefined))
        {
            throw new CommandException("conflicting options: cannot attach both user-defined and non-user-defined network-modes");
        }

        return endpoints;
    }

    /// <summary>The flags of their own belong to the first network.</summary>
    private NetworkOption WithSeparateFlags(NetworkOption first)
    {
        Refuse(first.Aliases.Count > 0 && _networkAlias.IsSet, "conflicting options: cannot specify both --network-alias and per-network alias");
        Refuse(first.Address4.Length > 0 && _ip.IsSet, "conflicting options: cannot specify both --ip and per-network IPv4 address");
        Refuse(first.Address6.Length > 0 && _ip6.IsSet, "conflicting options: cannot specify both --ip6 and per-network IPv6 address");
        Refuse(first.MacAddress.Length > 0 && _macAddress.IsSet, "conflicting options: cannot specify both --mac-address and per-network MAC address");
        Refuse(first.LinkLocalAddresses.Count > 0 && _linkLocalIp.IsSet, "conflicting options: cannot specify both --link-local-ip and per-network link-local IP addresses");
        return first with
        {
            Aliases = _networkAlias.IsSet ? _networkAlias.Values : first.Aliases,
            Links = _link.Values,
            Address4 = _ip.IsSet ? _ip.Value : first.Address4,
            Address6 = _ip6.IsSet ? _ip6.Value : first.Address6,
            MacAddress = _macAddress.IsSet ? _macAddress.Value : first.MacAddress,
            LinkLocalAddresses = _linkLocalIp.IsSet ? _linkLocalIp.Values : first.LinkLocalAddresses,
        };
    }

    private static EndpointSettings Endpoint(NetworkOption network)
    {
        Refuse(network.Target.Trim().Length == 0, "no name set for network");
        Refuse(
            network.MacAddress.Length > 0 && !NetworkOption.IsMacAddress(network.MacAddress),
            $"{network.MacAddress} is not a valid mac address");
        Refuse(
            !network.IsUserDefined && network.Aliases.Count > 0,
            "network-scoped aliases are only supported for user-defined networks");
        var addressed = network.Address4.Length > 0 || network.Address6.Length > 0 || network.LinkLocalAddresses.Count > 0;
        return new EndpointSettings
        {
            Aliases = network.Aliases.Count > 0 ? network.Aliases : null,
            Links = network.Links.Count > 0 && network.IsUserDefined ? network.Links : null,
            DriverOpts = network.DriverOptions,
            MacAddress = network.MacAddress,
            GwPriority = network.GatewayPriority,
            IPAMConfig = !addressed ? null : new EndpointIpam
            {
                IPv4Address = network.Address4.Length > 0 ? network.Address4 : null,
                IPv6Address = network.Address6.Length > 0 ? network.Address6 : null,
                LinkLocalIPs = network.LinkLocalAddresses.Count > 0 ? network.LinkLocalAddresses : null,
            },
        };
    }

    private static void Refuse(bool wrong, string message)
    {
        if (wrong)
        {
            throw new CommandException(message);
        }
    }
}
