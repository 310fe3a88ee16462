namespace Berth.Cli.Templates.Types;

/// <summary>What networks are inspected as, and how containers belong to them.</summary>
static class NetworkTypes
{
    public const string Table = """
        struct network.Address
        Addr string
        PrefixLen int
        struct network.EndpointSettings
        IPAMConfig *network.EndpointIPAMConfig
        Links []string
        Aliases []string
        MacAddress string
        DriverOpts map[string]string
        GwPriority int
        NetworkID string
        EndpointID string
        Gateway string
        IPAddress string
        IPPrefixLen int
        IPv6Gateway string
        GlobalIPv6Address string
        GlobalIPv6PrefixLen int
        DNSNames []string
        struct network.EndpointIPAMConfig
        IPv4Address string ,omitempty
        IPv6Address string ,omitempty
        LinkLocalIPs []string ,omitempty
        struct network.Inspect
        Name string
        ID string Id
        Created time.Time
        Scope string
        Driver string
        EnableIPv4 bool
        EnableIPv6 bool
        IPAM network.IPAM
        Internal bool
        Attachable bool
        Ingress bool
        ConfigFrom network.ConfigReference
        ConfigOnly bool
        Containers map[string]network.EndpointResource
        Options map[string]string
        Labels map[string]string
        Peers []network.PeerInfo ,omitempty
        Services map[string]network.ServiceInfo ,omitempty
        struct network.IPAM
        Driver string
        Options map[string]string
        Config []network.IPAMConfig
        struct network.IPAMConfig
        Subnet string ,omitempty
        IPRange string ,omitempty
        Gateway string ,omitempty
        AuxAddress map[string]string AuxiliaryAddresses,omitempty
        struct network.ConfigReference
        Network string
        struct network.EndpointResource
        Name string
        EndpointID string
        MacAddress string
        IPv4Address string
        IPv6Address string
        struct network.PeerInfo
        Name string
        IP string
        struct network.ServiceInfo
        VIP string
        Ports []string
        LocalLBIndex int
        Tasks []network.Task
        struct network.Task
        Name string
        EndpointID string
        EndpointIP string
        Info map[string]string
        """;
}
