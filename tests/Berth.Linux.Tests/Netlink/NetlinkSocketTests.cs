using System.Net;
using System.Net.NetworkInformation;
using Berth.Linux.Netlink;

namespace Berth.Linux.Tests.Netlink;

/// <summary>Links, addresses and routes on the real kernel, in a namespace of their own.</summary>
public sealed class NetlinkSocketTests : IDisposable
{
    private readonly EmptyNamespace _namespace = new();

    public void Dispose() => _namespace.Dispose();

    [Fact]
    public void A_bridge_with_an_address_and_a_route_is_made_and_found()
    {
        using var socket = _namespace.Network.OpenSocket(NetlinkProtocol.Route);
        socket.Execute(new NetlinkBatch().AddBridge("bnbr0", 1400, PhysicalAddress.Parse("02:42:01:02:03:04")));
        var bridge = socket.FindLink("bnbr0")!;
        socket.Execute(new NetlinkBatch()
            .AddAddress(bridge.Index, IPAddress.Parse("10.83.0.1"), 16)
            .AddAddress(bridge.Index, IPAddress.Parse("fd83::1"), 64)
            .ChangeLink(new LinkChange { Index = bridge.Index, Up = true })
            .AddRoute(IPNetwork.Parse("10.84.0.0/16"), IPAddress.Parse("10.83.0.2"), bridge.Index));

        bridge = socket.FindLink("bnbr0")!;
        Assert.Equal(("bridge", 1400, true, PhysicalAddress.Parse("02:42:01:02:03:04")), (bridge.Kind, bridge.Mtu, bridge.Up, bridge.Address));
        Assert.Contains(socket.Links(), l => l.Name == "bnbr0");
        Assert.Contains(new LinkAddress(bridge.Index, IPAddress.Parse("10.83.0.1"), 16), socket.Addresses());
        Assert.Contains(new LinkAddress(bridge.Index, IPAddress.Parse("fd83::1"), 64), socket.Addresses());
        Assert.Contains(new Route(IPNetwork.Parse("10.84.0.0/16"), IPAddress.Parse("10.83.0.2"), bridge.Index, 254), socket.Routes());

        socket.Execute(new NetlinkBatch()
            .DeleteRoute(IPNetwork.Parse("10.84.0.0/16"), IPAddress.Parse("10.83.0.2"), bridge.Index)
            .DeleteAddress(bridge.Index, IPAddress.Parse("10.83.0.1"), 16)
            .ChangeLink(new LinkChange { Index = bridge.Index, Up = false, Name = "bnbr1" }));
        Assert.Null(socket.FindLink("bnbr0"));
        Assert.NotNull(socket.FindLink("bnbr1"));
        Assert.DoesNotContain(socket.Addresses(), a => a.Address.Equals(IPAddress.Parse("10.83.0.1")));
        socket.Execute(new NetlinkBatch().DeleteLink("bnbr1"));
        Assert.Null(socket.FindLink("bnbr1"));
    }

    [Fact]
    public void A_failure_names_the_message_its_target_and_the_kernels_reason()
    {
        using var socket = _namespace.Network.OpenSocket(NetlinkProtocol.Route);
        var failure = socket.TryExecute(new NetlinkBatch()
            .ChangeLink(new LinkChange { Name = "lo", Up = true })
            .DeleteLink("bnnone")
            .DeleteLink("bnneither"));
        Assert.Equal(("RTM_DELLINK", Errno.ENODEV), (failure!.Call, failure.Errno));
        Assert.StartsWith("bnnone", failure.Target, StringComparison.Ordinal);
        // The socket is good for more.
        Assert.True(socket.FindLink("lo")!.Up);
    }

    [Fact]
    public void A_pair_of_links_reaches_into_another_namespace()
    {
        using var inner = new EmptyNamespace();
        using var outside = _namespace.Network.OpenSocket(NetlinkProtocol.Route);
        using var inside = inner.Network.OpenSocket(NetlinkProtocol.Route);
        outside.Execute(new NetlinkBatch().AddBridge("bnbr0", 1500, PhysicalAddress.Parse("02:42:01:02:03:04")));
        var bridge = outside.FindLink("bnbr0")!.Index;
        outside.Execute(new NetlinkBatch().AddVeth(new VethPair
        {
            Name = "bnveth0",
            Master = bridge,
            Mtu = 1450,
            PeerName = "eth0",
            PeerAddress = PhysicalAddress.Parse("02:42:0a:53:00:02"),
            PeerNamespace = inner.Network,
        }));
        outside.Execute(new NetlinkBatch().ChangeLink(new LinkChange { Name = "bnveth0", Up = true, Hairpin = true, NoLinkLocalAddress = true }));

        var near = outside.FindLink("bnveth0")!;
        var far = inside.FindLink("eth0")!;
        Assert.Equal(("veth", bridge, 1450, true), (near.Kind, near.Master, near.Mtu, near.Up));
        Assert.Equal((PhysicalAddress.Parse("02:42:0a:53:00:02"), 1450, false), (far.Address, far.Mtu, far.Up));
        Assert.Null(outside.FindLink("eth0"));
    }

    [Fact]
    public void Large_dumps_are_complete()
    {
        using var socket = _namespace.Network.OpenSocket(NetlinkProtocol.Route);
        for (var i = 0; i < 200; i++)
        {
            socket.Execute(new NetlinkBatch().AddBridge($"bnmany{i}", 1500, PhysicalAddress.Parse("02:42:01:02:03:04")));
        }

        Assert.Equal(200, socket.Links().Count(l => l.Name.StartsWith("bnmany", StringComparison.Ordinal)));
    }
}
