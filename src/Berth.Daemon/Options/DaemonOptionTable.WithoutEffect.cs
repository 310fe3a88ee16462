namespace Berth.Daemon.Options;

static partial class DaemonOptionTable
{
    private const string NoIPv6 = "the default bridge has no IPv6";
    private const string NoContainerd = "there is no containerd";
    private const string OneRuntime = "every container runs with berth-runtime, and one that asks for another runtime is refused";
    private const string NoUserlandProxy = "ports are published by the kernel alone, at loopback addresses too";
    private const string NoSwarm = "there is no swarm mode";

    /// <summary>
    /// Those of dockerd's, 20.10 to 28, that change nothing here. They are taken with a warning, so that a daemon.json that serves
    /// Docker serves here as well; but not where someone who relies on one would be less safe without it.
    /// </summary>
    private static DaemonOption[] WithoutEffect() =>
    [
        Ignored("add-runtime", OptionKind.Json, OneRuntime) with { Key = "runtimes", Value = "runtime" },
        Ignored("allow-direct-routing", OptionKind.Flag, "containers are reached from other machines by their published ports only"),
        Ignored("allow-nondistributable-artifacts", OptionKind.List, "layers are pushed to any registry alike"),
        Ignored("api-cors-header", OptionKind.Text, "a reverse proxy can set such headers"),
        Ignored("authorization-plugin", OptionKind.List, "there are no plugins") with
        {
            Key = "authorization-plugins",
            Refusal = _ => "there are no authorization plugins, and without them everyone whom they would refuse could do everything",
        },
        Ignored("bip6", OptionKind.Text, NoIPv6),
        Ignored("builder", OptionKind.Json, "nothing is built here, so that there is no build cache") with { InFlags = false },
        Ignored("cdi-spec-dir", OptionKind.List, "devices are given to containers by --device only") with { Key = "cdi-spec-dirs" },
        Ignored("containerd", OptionKind.Text, NoContainerd),
        Ignored("containerd-namespace", OptionKind.Text, NoContainerd),
        Ignored("containerd-plugins-namespace", OptionKind.Text, NoContainerd),
        Ignored("cpu-rt-period", OptionKind.Number, "the parent of the containers' cgroups has the kernel's real-time limits"),
        Ignored("cpu-rt-runtime", OptionKind.Number, "the parent of the containers' cgroups has the kernel's real-time limits"),
        Ignored("cri-containerd", OptionKind.Flag, NoContainerd),
        Ignored("default-gateway-v6", OptionKind.Text, NoIPv6) with { Value = "ip" },
        Ignored("default-network-opt", OptionKind.Json, "networks cannot be created yet") with { Key = "default-network-opts", Value = "mapmap" },
        Ignored("default-runtime", OptionKind.Text, OneRuntime) with { Refusal = ValueChecks.DefaultRuntime },
        Ignored("deprecated-key-path", OptionKind.Text, "no such key is used"),
        Ignored("exec-opt", OptionKind.List, "cgroups are made by the daemon itself, without systemd") with { Key = "exec-opts" },
        Ignored("experimental", OptionKind.Flag, "there are no experimental features"),
        Ignored("feature", OptionKind.Json, "there are no features to choose from") with { Key = "features", Value = "map" },
        Ignored("fixed-cidr-v6", OptionKind.Text, NoIPv6),
        Ignored("init-path", OptionKind.Text, "the init of containers is part of the daemon"),
        Ignored("ip-forward-no-drop", OptionKind.Flag, "the policy of the host's FORWARD chain is never changed"),
        Ignored("ip6tables", OptionKind.Flag, NoIPv6),
        Ignored("iptables", OptionKind.Flag, "rules are kept in an nftables table of their own") with
        {
            Refusal = v => v == "false"
                ? "ports are published by rules of an nftables table, which packets meet before the host's own rules for what comes in"
                : null,
        },
        Ignored("ipv6", OptionKind.Flag, NoIPv6),
        Ignored("metrics-addr", OptionKind.Text, "there are no metrics"),
        Ignored("network-control-plane-mtu", OptionKind.Number, NoSwarm),
        Ignored("network-diagnostic-port", OptionKind.Number, "there is no such server"),
        Ignored("node-generic-resource", OptionKind.List, NoSwarm) with { Key = "node-generic-resources" },
        Ignored("oom-score-adjust", OptionKind.Number, "the service's unit can set it (OOMScoreAdjust=)"),
        Ignored("raw-logs", OptionKind.Flag, "the log is always without colours"),
        Ignored("rootless", OptionKind.Flag, "the daemon runs as root") with
        {
            Refusal = v => v == "true" ? "there is no rootless mode, and the daemon would have all rights of root" : null,
        },
        Ignored("selinux-enabled", OptionKind.Flag, "containers get no SELinux labels") with
        {
            Refusal = v => v == "true" ? "containers get no SELinux labels, which would otherwise keep them apart" : null,
        },
        Ignored("storage-driver", OptionKind.Text, "containers are always stored with overlay2") with { Letter = 's' },
        Ignored("storage-opt", OptionKind.List, "containers are always stored with overlay2, which has no options") with { Key = "storage-opts" },
        Ignored("swarm-default-advertise-addr", OptionKind.Text, NoSwarm),
        Ignored("userland-proxy", OptionKind.Flag, NoUserlandProxy),
        Ignored("userland-proxy-path", OptionKind.Text, NoUserlandProxy),
        Ignored("userns-remap", OptionKind.Text, "containers have the users of the host") with
        {
            Refusal = v => v.Length > 0 ? "users are not remapped yet, and root in a container would be root of the host" : null,
        },
    ];

    private static DaemonOption Ignored(string name, OptionKind kind, string why) => new(name, kind, $"No effect here: {why}") { NoEffect = why };
}
