using Berth.Daemon.Options;
using Berth.Engine;
using Berth.Images.Registry;

namespace Berth.Daemon.Tests.Options;

public sealed class DaemonOptionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nothing_said_is_the_local_socket_with_rotated_logs()
    {
        var options = Resolve("{}");

        Assert.Equal("/run/berth/berth.sock", Assert.Single(options.Addresses).Place);
        Assert.Equal("/var/lib/berth", options.Engine.DataRoot);
        Assert.Equal("berth0", options.Engine.Bridge);
        Assert.Empty(options.Engine.DefaultLogOptions);
        Assert.Equal("/run/berth/berthd.pid", options.PidFile);
    }

    [Fact]
    public void The_file_takes_Dockers_keys()
    {
        var options = Resolve(
            """
            {
              "data-root": "/d", "exec-root": "/e", "bridge": "br7", "bip": "10.9.0.1/24", "mtu": 1400, "ip": "127.0.0.1",
              "hosts": ["unix:///tmp/a", "unix:///tmp/b"], "dns": ["1.1.1.1"], "dns-search": ["x.y"], "dns-opts": ["ndots:1"],
              "log-driver": "json-file", "log-opts": {"max-size": "1m"}, "labels": ["a=b"], "debug": true,
              "insecure-registries": ["r:5000"], "registry-mirrors": ["https://m"], "cgroup-parent": "mine", "pidfile": "/p",
              "default-ulimits": {"nofile": {"Name": "nofile", "Soft": 10, "Hard": 20}}, "storage-driver": "overlay2",
              "live-restore": true, "shutdown-timeout": 3
            }
            """);

        Assert.Equal("/d", options.Engine.DataRoot);
        Assert.Equal("/e", options.Engine.ExecRoot);
        Assert.Equal("br7", options.Engine.Bridge);
        Assert.Equal("10.9.0.1/24", options.Engine.BridgeAddress);
        Assert.Equal(1400, options.Engine.Mtu);
        Assert.Equal("127.0.0.1", options.Engine.DefaultPublishAddress);
        Assert.Equal(["/tmp/a", "/tmp/b"], options.Addresses.Select(a => a.Place));
        Assert.Equal(["1.1.1.1"], options.Engine.Dns);
        Assert.Equal(["x.y"], options.Engine.DnsSearch);
        Assert.Equal(["ndots:1"], options.Engine.DnsOptions);
        Assert.Equal([new("max-size", "1m")], options.Engine.DefaultLogOptions);
        Assert.Equal(["a=b"], options.Engine.Labels);
        Assert.Equal(LogLevel.Debug, options.LogLevel);
        Assert.Equal(["r:5000"], options.Engine.Registries.InsecureRegistries);
        Assert.Equal(["https://m"], options.Engine.Registries.HubMirrors);
        Assert.Equal("/mine", options.Engine.CgroupParent);
        Assert.Equal("/p", options.PidFile);
        Assert.Equal((10, 20), options.Engine.DefaultUlimits["nofile"]);
        Assert.Equal(TimeSpan.FromSeconds(3), options.ShutdownTimeout);
    }

    [Theory]
    [InlineData("""{"foo": 1, "bar": 2}""", "the following directives don't match any configuration option: foo (line 1), bar (line 1)")]
    [InlineData("{\n\n\"debug\": true,\n\"foo\": 1}", "the following directives don't match any configuration option: foo (line 4)")]
    [InlineData("""{"config-file": "x"}""", "the following directives don't match any configuration option: config-file (line 1)")]
    [InlineData("{\"debug\": true,\n}", "line 2: invalid JSON: invalid character '}' looking for beginning of object key string")]
    [InlineData("{\n\"bip\": \"nonsense\"}", "line 2: invalid value for bip: invalid CIDR address: nonsense (the bridge's own IPv4 address, with a prefix length of 8 to 30)")]
    [InlineData("""{"bip": "10.1.2.0/24"}""", "line 1: invalid value for bip: invalid CIDR address: 10.1.2.0/24 (the bridge's own IPv4 address, with a prefix length of 8 to 30)")]
    [InlineData("""{"default-ipc-mode": "x"}""", "line 1: invalid value for default-ipc-mode: default IPC mode setting (x) is invalid; use \"shareable\" or \"private\"")]
    [InlineData("""{"default-cgroupns-mode": "x"}""", "line 1: invalid value for default-cgroupns-mode: invalid default cgroup namespace (x): use \"host\" or \"private\"")]
    [InlineData("""{"log-format": "xml"}""", "line 1: invalid value for log-format: invalid log format: xml")]
    [InlineData("""{"mtu": -1}""", "line 1: invalid value for mtu: invalid default MTU: -1")]
    [InlineData("""{"max-concurrent-downloads": -1}""", "line 1: invalid value for max-concurrent-downloads: invalid max concurrent downloads: -1")]
    [InlineData("""{"default-address-pools": [{"base": "x", "size": 24}]}""", "line 1: invalid value for default-address-pools: invalid base of a pool: x (an IPv4 subnet)")]
    [InlineData("""{"default-address-pools": [{"base": "10.0.0.0/16", "size": 8}]}""", "line 1: invalid value for default-address-pools: invalid size of a pool: 8 (from the prefix length of its base, 16, to 30)")]
    [InlineData("""{"log-driver": "fluentd"}""", "line 1: invalid value for log-driver: logger: no log driver named 'fluentd' is registered")]
    [InlineData("""{"debug": "x"}""", "line 1: json: cannot unmarshal string into Go struct field Config.debug of type bool")]
    [InlineData("""{"hosts": "x"}""", "line 1: json: cannot unmarshal string into Go struct field Config.hosts of type []string")]
    [InlineData("""{"mtu": 1.5}""", "line 1: invalid value for mtu: strconv.ParseInt: parsing \"1.5\": invalid syntax")]
    [InlineData("""{"proxies": {"http-proxy": "x:1", "ftp-proxy": "y"}}""", "the following directives don't match any configuration option: ftp-proxy (line 1)")]
    [InlineData("""{"proxies": {"http-proxy": "http://"}}""", "line 1: invalid value for http-proxy: invalid proxy address")]
    [InlineData("""{"http-proxy": "x:1"}""", "the following directives don't match any configuration option: http-proxy (line 1)")]
    [InlineData("""{"registry-mirrors": ["https://a", "ftp://b"]}""", "line 1: invalid value for registry-mirrors: invalid mirror: unsupported scheme \"ftp\" in \"ftp://b\"")]
    [InlineData("[]", "it does not hold an object")]
    public void A_file_that_cannot_be_followed_is_refused_in_dockerds_words(string json, string reason)
    {
        var error = Assert.Throws<OptionException>(() => Resolve(json));

        Assert.Equal($"unable to configure the Berth daemon with file {_folder.File("daemon.json")}: {reason}", error.Message);
    }

    [Theory]
    [InlineData("add-runtime", "x=/bin/x", """{"runtimes": {"x": {"path": "/bin/x", "runtimeArgs": ["a"]}}}""")]
    [InlineData("allow-direct-routing", "true", """{"allow-direct-routing": true}""")]
    [InlineData("allow-nondistributable-artifacts", "x", """{"allow-nondistributable-artifacts": ["x"]}""")]
    [InlineData("api-cors-header", "*", """{"api-cors-header": "*"}""")]
    [InlineData("bip6", "fd00::1/64", """{"bip6": "fd00::1/64"}""")]
    [InlineData("", "", """{"builder": {"gc": {"enabled": true, "defaultKeepStorage": "20GB"}}}""")]
    [InlineData("cdi-spec-dir", "/x", """{"cdi-spec-dirs": ["/x"]}""")]
    [InlineData("containerd", "/run/c.sock", """{"containerd": "/run/c.sock"}""")]
    [InlineData("containerd-namespace", "x", """{"containerd-namespace": "x"}""")]
    [InlineData("containerd-plugins-namespace", "x", """{"containerd-plugins-namespace": "x"}""")]
    [InlineData("cpu-rt-period", "1", """{"cpu-rt-period": 1}""")]
    [InlineData("cpu-rt-runtime", "1", """{"cpu-rt-runtime": 1}""")]
    [InlineData("cri-containerd", "true", """{"cri-containerd": true}""")]
    [InlineData("default-gateway-v6", "fd00::1", """{"default-gateway-v6": "fd00::1"}""")]
    [InlineData("default-network-opt", "bridge=a=b", """{"default-network-opts": {"bridge": {"a": "b"}}}""")]
    [InlineData("default-runtime", "runc", """{"default-runtime": "nvidia"}""")]
    [InlineData("deprecated-key-path", "/x", """{"deprecated-key-path": "/x"}""")]
    [InlineData("exec-opt", "native.cgroupdriver=systemd", """{"exec-opts": ["native.cgroupdriver=systemd"]}""")]
    [InlineData("experimental", "true", """{"experimental": true}""")]
    [InlineData("feature", "a=true", """{"features": {"buildkit": true, "containerd-snapshotter": false}}""")]
    [InlineData("fixed-cidr-v6", "fd00::/80", """{"fixed-cidr-v6": "fd00::/80"}""")]
    [InlineData("init-path", "/x", """{"init-path": "/x"}""")]
    [InlineData("ip-forward-no-drop", "true", """{"ip-forward-no-drop": true}""")]
    [InlineData("ip6tables", "false", """{"ip6tables": true}""")]
    [InlineData("iptables", "true", """{"iptables": true}""")]
    [InlineData("ipv6", "true", """{"ipv6": true}""")]
    [InlineData("live-restore", "false", """{"live-restore": false}""")]
    [InlineData("metrics-addr", "127.0.0.1:9323", """{"metrics-addr": "127.0.0.1:9323"}""")]
    [InlineData("network-control-plane-mtu", "1400", """{"network-control-plane-mtu": 1400}""")]
    [InlineData("network-diagnostic-port", "1", """{"network-diagnostic-port": 1}""")]
    [InlineData("node-generic-resource", "a=1", """{"node-generic-resources": ["a=1"]}""")]
    [InlineData("oom-score-adjust", "-500", """{"oom-score-adjust": -500}""")]
    [InlineData("raw-logs", "true", """{"raw-logs": true}""")]
    [InlineData("rootless", "false", """{"rootless": false}""")]
    [InlineData("selinux-enabled", "false", """{"selinux-enabled": false}""")]
    [InlineData("storage-driver", "btrfs", """{"storage-driver": "btrfs"}""")]
    [InlineData("storage-opt", "overlay2.size=10G", """{"storage-opts": ["overlay2.override_kernel_check=true"]}""")]
    [InlineData("swarm-default-advertise-addr", "eth0", """{"swarm-default-advertise-addr": "eth0"}""")]
    [InlineData("userland-proxy", "false", """{"userland-proxy": false}""")]
    [InlineData("userland-proxy-path", "/x", """{"userland-proxy-path": "/x"}""")]
    [InlineData("userns-remap", "", """{"userns-remap": ""}""")]
    public void Dockers_options_without_effect_here_are_taken_with_a_warning(string flag, string value, string json)
    {
        var key = json[2..json.IndexOf('"', 2)];
        Assert.Contains(key, Assert.Single(Resolve(json).Warnings));
        if (flag.Length > 0)
        {
            Assert.Contains(flag, Assert.Single(Resolve("{}", $"--{flag}={value}").Warnings));
        }
    }

    [Theory]
    [InlineData("authorization-plugin", "x", "\"authorization-plugins\": [\"x\"]")]
    [InlineData("default-runtime", "runsc", "\"default-runtime\": \"runsc\"")]
    [InlineData("iptables", "false", "\"iptables\": false")]
    [InlineData("rootless", "true", "\"rootless\": true")]
    [InlineData("selinux-enabled", "true", "\"selinux-enabled\": true")]
    [InlineData("userns-remap", "default", "\"userns-remap\": \"default\"")]
    public void What_keeps_something_safe_is_refused_with_its_name_and_line(string flag, string value, string member)
    {
        var inFile = Assert.Throws<OptionException>(() => Resolve($"{{\n  \"debug\": true,\n  {member}\n}}")).Message;
        Assert.StartsWith($"{member[..member.IndexOf(':')]} in {_folder.File("daemon.json")}, line 3, is refused: ", inFile);

        var byFlag = Assert.Throws<OptionException>(() => Resolve("{}", $"--{flag}={value}")).Message;
        Assert.StartsWith($"--{flag} is refused: ", byFlag);
    }

    [Fact]
    public void Defaults_of_containers_and_of_the_bridge_are_followed()
    {
        var engine = Resolve(
            """
            {
              "default-shm-size": "128M", "default-ipc-mode": "shareable", "default-cgroupns-mode": "host", "no-new-privileges": true, "init": true,
              "seccomp-profile": "unconfined", "bip": "10.9.0.1/24", "fixed-cidr": "10.9.0.128/25", "default-gateway": "10.9.0.254", "icc": false,
              "ip-masq": false, "ip-forward": false, "host-gateway-ips": ["10.1.1.1", "fd00::1"],
              "default-address-pools": [{"base": "10.10.0.0/16", "size": 24}]
            }
            """).Engine;

        Assert.Equal((128L << 20, "shareable", "host"), (engine.DefaultShmSize, engine.DefaultIpcMode, engine.DefaultCgroupNamespace));
        Assert.Equal((true, true, true), (engine.NoNewPrivileges, engine.Init, engine.Seccomp.Unconfined));
        Assert.Equal((false, false, false), (engine.InterContainerTraffic, engine.Masquerade, engine.ForwardPackets));
        Assert.Equal(("10.9.0.128/25", "10.9.0.254"), (engine.BridgeRange.ToString(), engine.DefaultGateway!.ToString()));
        Assert.Equal(["10.1.1.1", "fd00::1"], engine.HostGateways);
        var pool = Assert.Single(engine.SubnetPools);
        Assert.Equal(("10.10.0.0/16", 24), (pool.Base.ToString(), pool.Size));
        Assert.Equal(["10.1.1.2"], Resolve("""{"host-gateway-ip": "10.1.1.2"}""").Engine.HostGateways);
    }

    [Theory]
    [InlineData("""{"bip": "10.9.0.1/24", "fixed-cidr": "10.8.0.0/25"}""", "fixed-cidr 10.8.0.0/25 is no part")]
    [InlineData("""{"bip": "10.9.0.1/24", "default-gateway": "10.8.0.1"}""", "default-gateway 10.8.0.1 is not in")]
    [InlineData("""{"seccomp-profile": "/nosuch"}""", "opening seccomp profile (/nosuch) failed: open /nosuch: no such file or directory")]
    public void What_does_not_fit_is_refused_before_anything_starts(string json, string reason) =>
        Assert.StartsWith(reason, Assert.Throws<OptionException>(() => Resolve(json)).Message);

    [Theory]
    [InlineData("", 15)]
    [InlineData(" \n", 15)]
    [InlineData("\uFEFF{\"shutdown-timeout\": 3}", 3)]
    [InlineData("""{"shutdown-timeout": 4, "shutdown-timeout": 3}""", 3)]
    [InlineData("""{"shutdown-timeout": null}""", 15)]
    public void A_file_is_read_as_Go_reads_it(string json, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Resolve(json).ShutdownTimeout);

    [Fact]
    public void An_empty_group_is_none() => Assert.Null(Resolve("{}", "-G", "").Group);

    [Fact]
    public void A_file_that_the_user_named_must_exist()
    {
        var missing = _folder.File("none.json");
        var error = Assert.Throws<OptionException>(() => DaemonOptions.Resolve(FlagParser.Parse(["--config-file", missing])));

        Assert.Equal(
            $"unable to configure the Berth daemon with file {missing}: open {missing}: no such file or directory",
            error.Message);
    }

    [Fact]
    public void What_flag_and_file_both_say_is_a_conflict()
    {
        var error = Assert.Throws<OptionException>(() => Resolve(
            """{"debug": true, "hosts": ["unix:///a"], "log-opts": {"a": "b"}, "dns": ["1.1.1.1"], "mtu": 1}""",
            "-D=false", "-H", "unix:///b", "--dns", "2.2.2.2", "--log-opt", "c=d"));

        Assert.EndsWith(
            "the following directives are specified both as a flag and in the configuration file: "
            + "debug: (from flag: false, from file: true), dns: (from flag: [2.2.2.2], from file: [1.1.1.1]), "
            + "hosts: (from flag: [unix:///b], from file: [unix:///a]), log-opts: (from flag: map[c:d], from file: map[a:b])",
            error.Message);
    }

    [Fact]
    public void Proxies_come_from_flags_file_and_variables_and_their_passwords_are_not_shown()
    {
        var options = Resolve("""{"proxies": {"http-proxy": "http://a:1"}}""", "--https-proxy", "b:2", "--no-proxy", "c,d");
        Assert.Equal(new ProxySettings { Http = "http://a:1", Https = "b:2", Except = "c,d" }, options.Engine.Registries.Proxies);

        var conflict = Assert.Throws<OptionException>(() => Resolve("""{"proxies": {"http-proxy": "http://u:p@a:1"}}""", "--http-proxy", "http://x:y@a:2"));
        Assert.EndsWith("http-proxy: (from flag: http://xxxxx:xxxxx@a:2, from file: http://xxxxx:xxxxx@a:1)", conflict.Message);

        var flags = FlagParser.Parse(["--http-proxy", "http://a:1"]);
        string? Variable(string name) => name switch { "HTTP_PROXY" => "http://other:1", "https_proxy" => "http://s:2", "NO_PROXY" => "*", _ => null };
        Assert.Equal(new ProxySettings { Http = "http://a:1", Https = "http://s:2", Except = "*" }, ProxyVariables.Resolve(flags, Variable));
        Assert.Equal(["overriding existing proxy variable HTTP_PROXY with value from configuration"], ProxyVariables.Warnings(flags, Variable));
    }

    [Theory]
    [InlineData("-H", "tcp://0.0.0.0:2375")]
    [InlineData("-H", "tcp://:2376", "--tls")]
    public void Tcp_without_client_certificates_is_refused_unless_asked_for_in_so_many_words(params string[] flags) =>
        Assert.Contains("without TLS client certificates", Assert.Throws<OptionException>(() => Resolve("{}", flags)).Message);

    [Theory]
    [InlineData(true, "--tls=false")]
    [InlineData(true, "--tls", "--tlsverify=false")]
    [InlineData(false, "--tlsverify")]
    public void Open_addresses_are_warned_of(bool open, params string[] flags)
    {
        var options = Resolve("{}", ["-H", "tcp://127.0.0.1:1", .. flags]);

        Assert.Equal(open ? ["tcp://127.0.0.1:1"] : [], options.Engine.OpenAddresses);
        Assert.Equal(open ? 1 : 0, options.Warnings.Count);
    }

    [Fact]
    public void An_unknown_log_level_is_refused() =>
        Assert.Equal("unable to parse logging level: xyz", Assert.Throws<OptionException>(() => Resolve("{}", "-l", "xyz")).Message);

    [Theory]
    [InlineData("nofile=1024", 1024, 1024)]
    [InlineData("nofile=1024:2048", 1024, 2048)]
    [InlineData("nofile=-1", -1, -1)]
    [InlineData("nofile=5:-1", 5, -1)]
    public void A_ulimit_has_one_value_or_two(string text, long soft, long hard) =>
        Assert.Equal(("nofile", soft, hard), Ulimit.Parse(text));

    [Theory]
    [InlineData("nofile")]
    [InlineData("nosuch=1")]
    [InlineData("nofile=1:2:3")]
    [InlineData("nofile=2:1")]
    [InlineData("nofile=-1:5")]
    [InlineData("nofile=x")]
    public void What_is_no_ulimit_is_refused(string text) => Assert.NotNull(Ulimit.Check(text));

    private DaemonOptions Resolve(string json, params string[] flags) =>
        DaemonOptions.Resolve(FlagParser.Parse(["--config-file", _folder.Write("daemon.json", json), .. flags]));
}
