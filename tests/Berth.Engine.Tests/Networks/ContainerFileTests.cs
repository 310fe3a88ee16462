using Berth.Engine.Networks;

namespace Berth.Engine.Tests.Networks;

/// <summary>/etc/hosts and /etc/resolv.conf of containers.</summary>
public sealed class ContainerFileTests
{
    private static readonly EngineOptions _options = new() { RuntimePath = "/nowhere" };

    [Fact]
    public void Hosts_has_localhost_then_extra_hosts_then_the_container()
    {
        var hosts = HostsFile.Write(
            Request() with { ExtraHosts = ["db:10.0.0.5", "six:[fd00::5]", "seven=fd00::7", "gate:host-gateway"], DomainName = "example.org" },
            "10.85.0.2", null, () => ["10.85.0.1"]);
        Assert.Equal(
            """
            127.0.0.1	localhost
            ::1	localhost ip6-localhost ip6-loopback
            fe00::	ip6-localnet
            ff00::	ip6-mcastprefix
            ff02::1	ip6-allnodes
            ff02::2	ip6-allrouters
            10.0.0.5	db
            fd00::5	six
            fd00::7	seven
            10.85.0.1	gate
            10.85.0.2	web.example.org web

            """,
            hosts);
    }

    [Fact]
    public void On_the_hosts_network_hosts_is_the_hosts_own_file() =>
        Assert.Equal("1.2.3.4 all\n10.0.0.5\tdb\n", HostsFile.Write(Request() with { ExtraHosts = ["db:10.0.0.5"] }, null, "1.2.3.4 all\n", () => []));

    [Theory]
    [InlineData("nothing")]
    [InlineData(":10.0.0.1")]
    public void A_malformed_extra_host_is_refused(string extra) =>
        Assert.Throws<EngineException>(() => HostsFile.Write(Request() with { ExtraHosts = [extra] }, null, null, () => []));

    [Fact]
    public void The_hosts_name_servers_pass_without_those_on_its_loopback() => Assert.Equal(
        "nameserver 10.0.0.1\nsearch example.org\noptions edns0\n",
        Resolve("# a comment\nnameserver 127.0.0.53\nnameserver ::1\nnameserver 10.0.0.1\nnameserver fd00::1\nsearch example.org\noptions edns0\n", Request(), _options));

    [Fact]
    public void Where_none_is_left_public_ones_are_used() =>
        Assert.Equal("nameserver 8.8.8.8\nnameserver 8.8.4.4\n", Resolve("nameserver 127.0.0.1\n", Request(), _options));

    [Fact]
    public void The_containers_options_come_before_the_daemons_and_the_hosts()
    {
        const string Host = "nameserver 10.0.0.1\nsearch host\noptions host\n";
        var daemon = _options with { Dns = ["1.1.1.1"], DnsSearch = ["daemon"], DnsOptions = ["ndots:1"] };
        Assert.Equal("nameserver 1.1.1.1\nsearch daemon\noptions ndots:1\n", Resolve(Host, Request(), daemon));
        var container = Request() with { Dns = ["127.0.0.1"], DnsSearch = ["one", "two"], DnsOptions = ["timeout:2"] };
        Assert.Equal("nameserver 127.0.0.1\nsearch one two\noptions timeout:2\n", Resolve(Host, container, daemon));
    }

    [Fact]
    public void A_dot_asks_for_no_search_domain() =>
        Assert.Equal("nameserver 10.0.0.1\n", Resolve("nameserver 10.0.0.1\nsearch host\n", Request() with { DnsSearch = ["."] }, _options));

    private static string Resolve(string host, ContainerNetworkRequest request, EngineOptions options) =>
        ResolvConf.ForContainer(ResolvConf.Parse(host), request, options, onHost: false).ToString();

    private static ContainerNetworkRequest Request() => new() { ContainerId = "c", Name = "web", Hostname = "web" };
}
