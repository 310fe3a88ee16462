namespace Berth.Cli.Templates.Types;

/// <summary>What the daemon says of itself, and its events.</summary>
static class SystemTypes
{
    public const string Table = """
        type events.Type string
        type events.Action string
        type swarm.LocalNodeState string
        type net.IP []uint8
        type net.IPMask []uint8
        struct manager.Plugin
        struct system.platformInfo
        Name string
        struct swarm.Meta
        Version swarm.Version
        CreatedAt time.Time
        UpdatedAt time.Time
        struct swarm.Version
        Index uint64 ,omitempty
        struct system.sparseInfo
        ClientInfo *system.clientInfo ,omitempty
        ClientErrors []string ,omitempty
        struct formatter.diskUsageContext
        Images []*formatter.imageContext
        Containers []*formatter.ContainerContext
        Volumes []*formatter.volumeContext
        BuildCache []*formatter.buildCacheContext
        struct system.dockerInfo
        + *system.Info
        ServerErrors []string ,omitempty
        UserName string -
        ClientInfo *system.clientInfo ,omitempty
        ClientErrors []string ,omitempty
        struct system.Info
        ID string
        Containers int
        ContainersRunning int
        ContainersPaused int
        ContainersStopped int
        Images int
        Driver string
        DriverStatus [][2]string
        SystemStatus [][2]string ,omitempty
        Plugins system.PluginsInfo
        MemoryLimit bool
        SwapLimit bool
        KernelMemory bool ,omitempty
        KernelMemoryTCP bool ,omitempty
        CPUCfsPeriod bool CpuCfsPeriod
        CPUCfsQuota bool CpuCfsQuota
        CPUShares bool
        CPUSet bool
        PidsLimit bool
        IPv4Forwarding bool
        Debug bool
        NFd int
        OomKillDisable bool
        NGoroutines int
        SystemTime string
        LoggingDriver string
        CgroupDriver string
        CgroupVersion string ,omitempty
        NEventsListener int
        KernelVersion string
        OperatingSystem string
        OSVersion string
        OSType string
        Architecture string
        IndexServerAddress string
        RegistryConfig *registry.ServiceConfig
        NCPU int
        MemTotal int64
        GenericResources []swarm.GenericResource
        DockerRootDir string
        HTTPProxy string HttpProxy
        HTTPSProxy string HttpsProxy
        NoProxy string
        Name string
        Labels []string
        ExperimentalBuild bool
        ServerVersion string
        Runtimes map[string]system.RuntimeWithStatus
        DefaultRuntime string
        Swarm swarm.Info
        LiveRestoreEnabled bool
        Isolation container.Isolation
        InitBinary string
        ContainerdCommit system.Commit
        RuncCommit system.Commit
        InitCommit system.Commit
        SecurityOptions []string
        ProductLicense string ,omitempty
        DefaultAddressPools []system.NetworkAddressPool ,omitempty
        FirewallBackend *system.FirewallInfo ,omitempty
        CDISpecDirs []string
        DiscoveredDevices []system.DeviceInfo ,omitempty
        Containerd *system.ContainerdInfo ,omitempty
        Warnings []string
        struct system.PluginsInfo
        Volume []string
        Network []string
        Authorization []string
        Log []string
        struct registry.ServiceConfig
        AllowNondistributableArtifactsCIDRs []*registry.NetIPNet ,omitempty
        AllowNondistributableArtifactsHostnames []string ,omitempty
        InsecureRegistryCIDRs []*registry.NetIPNet
        IndexConfigs map[string]*registry.IndexInfo
        Mirrors []string
        ExtraFields map[string]any -
        struct registry.NetIPNet
        IP net.IP ,omitempty
        Mask net.IPMask ,omitempty
        struct registry.IndexInfo
        Name string
        Mirrors []string
        Secure bool
        Official bool
        struct swarm.GenericResource
        NamedResourceSpec *swarm.NamedGenericResource ,omitempty
        DiscreteResourceSpec *swarm.DiscreteGenericResource ,omitempty
        struct swarm.NamedGenericResource
        Kind string ,omitempty
        Value string ,omitempty
        struct swarm.DiscreteGenericResource
        Kind string ,omitempty
        Value int64 ,omitempty
        struct system.RuntimeWithStatus
        + system.Runtime
        Status map[string]string status,omitempty
        struct system.Runtime
        Path string path,omitempty
        Args []string runtimeArgs,omitempty
        Type string runtimeType,omitempty
        Options map[string]any options,omitempty
        struct swarm.Info
        NodeID string
        NodeAddr string
        LocalNodeState swarm.LocalNodeState
        ControlAvailable bool
        Error string
        RemoteManagers []swarm.Peer
        Nodes int ,omitempty
        Managers int ,omitempty
        Cluster *swarm.ClusterInfo ,omitempty
        Warnings []string ,omitempty
        struct swarm.Peer
        NodeID string
        Addr string
        struct swarm.ClusterInfo
        ID string
        + swarm.Meta
        Spec swarm.Spec
        TLSInfo swarm.TLSInfo
        RootRotationInProgress bool
        DefaultAddrPool []string
        SubnetSize uint32
        DataPathPort uint32
        struct system.Commit
        ID string
        Expected string ,omitempty
        struct system.NetworkAddressPool
        Base string
        Size int
        struct system.FirewallInfo
        Driver string
        Info [][2]string ,omitempty
        struct system.DeviceInfo
        Source string
        ID string
        struct system.ContainerdInfo
        Address string ,omitempty
        Namespaces system.ContainerdNamespaces
        struct system.ContainerdNamespaces
        Containers string
        Plugins string
        struct system.clientInfo
        Debug bool
        + system.clientVersion
        Plugins []manager.Plugin
        Warnings []string
        struct system.versionInfo
        Client system.clientVersion
        Server *types.Version
        struct system.clientVersion
        Platform *system.platformInfo ,omitempty
        Version string
        APIVersion string ApiVersion,omitempty
        DefaultAPIVersion string ,omitempty
        GitCommit string
        GoVersion string
        Os string
        Arch string
        BuildTime string ,omitempty
        Context string
        struct types.Version
        Platform types.Platform ,omitempty
        Components []types.ComponentVersion ,omitempty
        Version string
        APIVersion string ApiVersion
        MinAPIVersion string ,omitempty
        GitCommit string
        GoVersion string
        Os string
        Arch string
        KernelVersion string ,omitempty
        Experimental bool ,omitempty
        BuildTime string ,omitempty
        struct types.ComponentVersion
        Name string
        Version string
        Details map[string]string ,omitempty
        struct events.Message
        Status string status,omitempty
        ID string id,omitempty
        From string from,omitempty
        Type events.Type
        Action events.Action
        Actor events.Actor
        Scope string scope,omitempty
        Time int64 time,omitempty
        TimeNano int64 timeNano,omitempty
        struct events.Actor
        ID string
        Attributes map[string]string
        struct types.Platform = struct { Name string }
        Name string
        """;
}
