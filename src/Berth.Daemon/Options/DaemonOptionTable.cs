using Berth.Daemon.Life;

namespace Berth.Daemon.Options;

/// <summary>Every setting there is, under dockerd's names. The flags, the keys of daemon.json and the help page come from here.</summary>
static partial class DaemonOptionTable
{
    public const string DefaultConfigFile = "/etc/berth/daemon.json";

    private const string ProxyGroup = "proxies";

    public static IReadOnlyList<DaemonOption> All { get; } = [.. Followed().Concat(WithoutEffect()).OrderBy(o => o.Name, StringComparer.Ordinal)];

    /// <summary>Those that do what they say.</summary>
    private static DaemonOption[] Followed() =>
    [
        new("bip", OptionKind.Text, "IPv4 address for the default bridge") { Check = ValueChecks.BridgeAddress },
        new("bridge", OptionKind.Text, "Attach containers to a network bridge; \"none\" disables the default network")
        {
            Letter = 'b', Default = "\"berth0\"",
        },
        new("cgroup-parent", OptionKind.Text, "Set parent cgroup for all containers") { Default = "\"/berth\"" },
        new("config-file", OptionKind.Text, "Daemon configuration file") { InFile = false, Default = $"\"{DefaultConfigFile}\"" },
        new("data-root", OptionKind.Text, "Root directory of persistent Berth state") { Default = "\"/var/lib/berth\"" },
        new("debug", OptionKind.Flag, "Enable debug mode") { Letter = 'D' },
        new("default-address-pool", OptionKind.List, "Default address pools for node specific local networks")
        {
            Key = "default-address-pools", Value = "pool-options", Check = ValueChecks.AddressPool,
        },
        new("default-cgroupns-mode", OptionKind.Text, "Default mode for containers cgroup namespace (\"host\" | \"private\")")
        {
            Default = "\"private\"", Check = ValueChecks.CgroupNamespace,
        },
        new("default-gateway", OptionKind.Text, "Default gateway IPv4 address for the default bridge network")
        {
            Value = "ip", Check = ValueChecks.IPv4Address,
        },
        new("default-ipc-mode", OptionKind.Text, "Default mode for containers ipc (\"shareable\" | \"private\")")
        {
            Default = "\"private\"", Check = ValueChecks.IpcMode,
        },
        new("default-shm-size", OptionKind.Text, "Default shm size for containers")
        {
            Value = "bytes", Default = "64MiB", Check = ValueChecks.Size,
        },
        new("default-ulimit", OptionKind.List, "Default ulimits for containers")
        {
            Key = "default-ulimits", Value = "ulimit", Default = "[]", Check = Ulimit.Check,
        },
        new("dns", OptionKind.List, "DNS server to use") { Check = ValueChecks.Address },
        new("dns-opt", OptionKind.List, "DNS options to use") { Key = "dns-opts" },
        new("dns-search", OptionKind.List, "DNS search domains to use"),
        new("exec-root", OptionKind.Text, "Root directory for execution state files") { Default = "\"/run/berth\"" },
        new("fixed-cidr", OptionKind.Text, "IPv4 subnet for the default bridge network") { Check = ValueChecks.Subnet },
        new("group", OptionKind.Text, "Group for the unix socket; \"\" gives it to no group") { Letter = 'G', Default = "\"berth\"" },
        new("help", OptionKind.Flag, "Print usage") { Letter = 'h', InFile = false },
        new("host", OptionKind.List, "Daemon socket(s) to connect to")
        {
            Letter = 'H', Key = "hosts", Default = $"[unix://{ListenAddress.DefaultSocket}]", Check = ListenAddress.Check,
        },
        new("host-gateway-ip", OptionKind.List, "IP addresses that the special 'host-gateway' string in --add-host resolves to")
        {
            Key = "host-gateway-ips", OldKey = "host-gateway-ip", Check = ValueChecks.Address,
        },
        new("http-proxy", OptionKind.Text, "HTTP proxy URL to use for registries") { Group = ProxyGroup, Check = ValueChecks.Proxy },
        new("https-proxy", OptionKind.Text, "HTTPS proxy URL to use for registries") { Group = ProxyGroup, Check = ValueChecks.Proxy },
        new("icc", OptionKind.Flag, "Enable inter-container communication for the default bridge network") { Default = "true" },
        new("init", OptionKind.Flag, "Run an init in the container to forward signals and reap processes"),
        new("insecure-registry", OptionKind.List, "Enable insecure registry communication") { Key = "insecure-registries" },
        new("ip", OptionKind.Text, "Default IP when binding container ports")
        {
            Value = "ip", Default = "0.0.0.0", Check = ValueChecks.Address,
        },
        new("ip-forward", OptionKind.Flag, "Enable IP forwarding in system configuration") { Default = "true" },
        new("ip-masq", OptionKind.Flag, "Enable IP masquerading for the default bridge network") { Default = "true" },
        new("label", OptionKind.List, "Set key=value labels to the daemon") { Key = "labels", Check = ValueChecks.Label },
        new("live-restore", OptionKind.Flag, "Containers always keep running while the daemon is away; accepted for Docker's sake")
        {
            Default = "true",
        },
        new("log-driver", OptionKind.Text, "Default driver for container logs")
        {
            Default = "\"json-file\"", Check = ValueChecks.LogDriver,
        },
        new("log-file", OptionKind.Text, "Append the daemon's own log to this file instead of writing it to stderr") { InFile = false },
        new("log-format", OptionKind.Text, "Set the logging format (\"text\"|\"json\")") { Default = "\"text\"", Check = ValueChecks.LogFormat },
        new("log-level", OptionKind.Text, "Set the logging level (\"debug\", \"info\", \"warn\", \"error\", \"fatal\")")
        {
            Letter = 'l', Default = "\"info\"",
        },
        new("log-opt", OptionKind.Map, "Default log driver options for containers")
        {
            Key = "log-opts", Default = "map[max-file:5 max-size:20m]",
        },
        new("max-concurrent-downloads", OptionKind.Number, "Set the max concurrent downloads") { Default = "3", Check = v => ValueChecks.NotNegative(v, "max concurrent downloads") },
        new("max-concurrent-uploads", OptionKind.Number, "Set the max concurrent uploads") { Default = "5", Check = v => ValueChecks.NotNegative(v, "max concurrent uploads") },
        new("max-download-attempts", OptionKind.Number, "Set the max download attempts for each pull") { Default = "5", Check = v => ValueChecks.NotNegative(v, "max download attempts") },
        new("mtu", OptionKind.Number, "Set the MTU for the default \"bridge\" network") { Default = "1500", Check = v => ValueChecks.NotNegative(v, "default MTU") },
        new("no-new-privileges", OptionKind.Flag, "Set no-new-privileges by default for new containers"),
        new("no-proxy", OptionKind.Text, "Comma-separated list of hosts or IP addresses for which the proxy is skipped") { Group = ProxyGroup },
        new("pidfile", OptionKind.Text, "Path to use for daemon PID file")
        {
            Letter = 'p', Default = "\"/run/berth/berthd.pid\"",
        },
        new("registry", OptionKind.Map, "What is done with image names that begin so, as JSON: mirrors, rewrite, blocked")
        {
            Key = "registries", Value = "prefix=json", Default = "map[]", Check = RegistryRuleText.Check,
        },
        new("registry-mirror", OptionKind.List, "Preferred registry mirror") { Key = "registry-mirrors", Check = ValueChecks.Mirror },
        new("registry-timeout", OptionKind.Number, "Seconds without a byte, or with less than 1 KB in each, after which a registry's connection counts as dead")
        {
            Default = "30", Check = v => ValueChecks.NotNegative(v, "registry timeout"),
        },
        new("seccomp-profile", OptionKind.Text, "Path to seccomp profile. Set to \"unconfined\" to disable the default seccomp profile")
        {
            Default = "\"builtin\"",
        },
        new("shutdown-timeout", OptionKind.Number, "Seconds that requests under way are given to end when the daemon does")
        {
            Default = "15",
        },
        new("tls", OptionKind.Flag, "Use TLS; implied by --tlsverify"),
        new("tlscacert", OptionKind.Text, "Trust certs signed only by this CA") { Default = "\"/etc/berth/ca.pem\"" },
        new("tlscert", OptionKind.Text, "Path to TLS certificate file") { Default = "\"/etc/berth/cert.pem\"" },
        new("tlskey", OptionKind.Text, "Path to TLS key file") { Default = "\"/etc/berth/key.pem\"" },
        new("tlsverify", OptionKind.Flag, "Use TLS and verify the remote"),
        new("validate", OptionKind.Flag, "Validate daemon configuration and exit") { InFile = false },
        new("version", OptionKind.Flag, "Print version information and quit") { Letter = 'v', InFile = false },
    ];
}
