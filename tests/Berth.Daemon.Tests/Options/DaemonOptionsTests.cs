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
    [InlineData("""{"foo": 1, "bar": 2}""", "the following directives don't match any configuration option: foo, bar")]
    [InlineData("""{"config-file": "x"}""", "the following directives don't match any configuration option: config-file")]
    [InlineData("""{"debug": "x"}""", "json: cannot unmarshal string into Go struct field Config.debug of type bool")]
    [InlineData("""{"hosts": "x"}""", "json: cannot unmarshal string into Go struct field Config.hosts of type []string")]
    [InlineData("""{"mtu": 1.5}""", "invalid value for mtu: strconv.ParseInt: parsing \"1.5\": invalid syntax")]
    [InlineData("""{"proxies": {"http-proxy": "x:1", "ftp-proxy": "y"}}""", "the following directives don't match any configuration option: ftp-proxy")]
    [InlineData("""{"proxies": {"http-proxy": "http://"}}""", "invalid value for http-proxy: invalid proxy address")]
    [InlineData("""{"http-proxy": "x:1"}""", "the following directives don't match any configuration option: http-proxy")]
    [InlineData("""{"registry-mirrors": ["https://a", "ftp://b"]}""", "invalid value for registry-mirrors: invalid mirror: unsupported scheme \"ftp\" in \"ftp://b\"")]
    [InlineData("[]", "it does not hold an object")]
    public void A_file_that_cannot_be_followed_is_refused_in_dockerds_words(string json, string reason)
    {
        var error = Assert.Throws<OptionException>(() => Resolve(json));

        Assert.Equal($"unable to configure the Berth daemon with file {_folder.File("daemon.json")}: {reason}", error.Message);
    }

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
