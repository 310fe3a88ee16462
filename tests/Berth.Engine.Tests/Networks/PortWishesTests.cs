using System.Net;
using Berth.Api.Containers;
using Berth.Engine.Networks;

namespace Berth.Engine.Tests.Networks;

public sealed class PortWishesTests
{
    [Theory]
    [InlineData("80/tcp", "80/tcp")]
    [InlineData("80", "80/tcp")]
    [InlineData("53/UDP", "53/udp")]
    public void A_containers_port_has_a_protocol(string text, string parsed) => Assert.Equal(parsed, ContainerPort.Parse(text).ToString());

    [Theory]
    [InlineData("0/tcp")]
    [InlineData("65536/tcp")]
    [InlineData("80/icmp")]
    [InlineData("80-81/tcp")]
    [InlineData("/tcp")]
    [InlineData("")]
    [InlineData("+80")]
    public void What_is_no_port_is_refused(string text) => Assert.Throws<EngineException>(() => ContainerPort.Parse(text));

    [Fact]
    public void Each_binding_is_a_wish_with_the_default_address_where_it_names_none()
    {
        var wishes = Request(("80/tcp", [new PortBinding { HostPort = "8080" }, new PortBinding { HostIp = "127.0.0.1", HostPort = "9000-9010" }])).Wishes("0.0.0.0").ToList();
        Assert.Equal(
            [
                new PortWish(new ContainerPort(80, "tcp"), IPAddress.Any, new PortRange(8080, 8080)),
                new PortWish(new ContainerPort(80, "tcp"), IPAddress.Loopback, new PortRange(9000, 9010)),
            ],
            wishes);
    }

    [Fact]
    public void All_exposed_ports_without_a_binding_are_published_on_request()
    {
        var request = Request(("80/tcp", [new PortBinding { HostPort = "8080" }])) with { ExposedPorts = ["80/tcp", "81/tcp"] };
        Assert.Single(request.Wishes("0.0.0.0"));
        var wishes = (request with { PublishAllPorts = true }).Wishes("0.0.0.0").ToList();
        Assert.Equal(2, wishes.Count);
        Assert.True(wishes[1].HostPorts.Any);
    }

    [Theory]
    [InlineData("1.2.3", "80")]
    [InlineData("host", "80")]
    [InlineData("", "x")]
    [InlineData("", "90-80")]
    [InlineData("", "70000")]
    public void A_malformed_binding_is_refused(string address, string port) =>
        Assert.Throws<EngineException>(() => Request(("80/tcp", [new PortBinding { HostIp = address, HostPort = port }])).Wishes("0.0.0.0").ToList());

    [Fact]
    public void The_port_map_has_what_is_exposed_and_what_is_published()
    {
        var request = Request(("80/tcp", [new PortBinding { HostPort = "8080" }])) with { ExposedPorts = ["81/tcp"] };
        var map = request.PortMap([new PublishedPort(new ContainerPort(80, "tcp"), IPAddress.Parse("10.85.0.2"), IPAddress.Any, 8080)]);
        Assert.Null(map["81/tcp"]);
        Assert.Equal([new PortBinding { HostIp = "0.0.0.0", HostPort = "8080" }], map["80/tcp"]!);
        Assert.Equal(new PortRange(8080, 8080), PortWishes.Published(map).Single().HostPorts);
    }

    private static ContainerNetworkRequest Request(params (string Port, PortBinding[] Bindings)[] ports) => new()
    {
        ContainerId = "c",
        Name = "c",
        Hostname = "c",
        PortBindings = ports.ToDictionary(p => p.Port, p => (IReadOnlyList<PortBinding>?)p.Bindings),
    };
}
