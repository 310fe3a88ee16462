using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Berth.Engine.Tests.Networks;

/// <summary>What the host takes from its containers, on the real kernel.</summary>
public sealed class DistrustTests : IAsyncLifetime
{
    private readonly TestNetwork _test = new();

    public ValueTask InitializeAsync() => _test.InitializeAsync();

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public async Task Neither_the_bridge_nor_a_port_nor_a_container_has_ipv6()
    {
        var (place, network) = await _test.ConnectAsync("c");
        foreach (var link in (string[])["bn0", network.HostLink!])
        {
            Assert.Equal("1\n0\n", _test.Host.Sh($"cd /proc/sys/net/ipv6/conf/{link}; cat disable_ipv6 accept_ra"));
        }

        Assert.Equal("1\n0\n", place.Sh("cd /proc/sys/net/ipv6/conf/eth0; cat disable_ipv6 accept_ra"));
        Assert.Equal("1\n0\n0\n1\n", _test.Host.Sh("cd /proc/sys/net/ipv4/conf/bn0; cat rp_filter accept_redirects accept_source_route arp_ignore"));
    }

    [Fact]
    public async Task A_bridge_that_an_administrator_made_keeps_its_settings()
    {
        _test.Host.Sh("ip link add bn0 type bridge; ip address add 10.82.0.1/16 dev bn0");
        var before = Settings();
        var (place, network) = await _test.ConnectAsync("c");
        Assert.Equal(before, Settings());
        Assert.Equal("1\n", _test.Host.Sh($"cat /proc/sys/net/ipv6/conf/{network.HostLink}/disable_ipv6"));

        // What lets 127.0.0.1 leave by it is safe only beside the firewall's rules, and ends with them.
        Assert.Equal("1\n", RouteLocalnet());
        await _test.EndAsync("c", place);
        Assert.Equal("0\n", RouteLocalnet());

        string RouteLocalnet() => _test.Host.Sh("cat /proc/sys/net/ipv4/conf/bn0/route_localnet");

        string Settings() => _test.Host.Sh("cat /proc/sys/net/ipv6/conf/bn0/disable_ipv6 /proc/sys/net/ipv6/conf/bn0/accept_ra /proc/sys/net/ipv4/conf/bn0/rp_filter");
    }

    [Theory]
    [InlineData("127.0.0.2")]
    [InlineData("10.81.0.2")]
    public async Task A_sender_that_is_not_on_the_bridge_is_not_heard_from_there(string pretended)
    {
        var (place, network) = await _test.ConnectAsync("c");
        var (own, gateway) = (IPAddress.Parse(network.Networks["bridge"].IPAddress), IPAddress.Parse(network.Networks["bridge"].Gateway));
        using var server = _test.Host.Open(SocketType.Dgram, ProtocolType.Udp);
        server.Bind(new IPEndPoint(IPAddress.Any, 7000));
        using var packets = new PacketSocket(place);
        var bridge = Convert.FromHexString(_test.Host.Sh("ip -o link show bn0 | sed 's/.*ether \\([^ ]*\\).*/\\1/'").Trim().Replace(":", "", StringComparison.Ordinal));

        packets.Send(Datagram(bridge, IPAddress.Parse(pretended), gateway, "forged"));
        packets.Send(Datagram(bridge, own, gateway, "honest"));
        var buffer = new byte[100];
        var received = await server.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), TestContext.Current.CancellationToken);
        Assert.Equal("honest", Encoding.ASCII.GetString(buffer, 0, received.ReceivedBytes));
    }

    private static byte[] Datagram(byte[] target, IPAddress from, IPAddress to, string text)
    {
        byte[] udp = [.. Convert.FromHexString("1b571b58"), 0, (byte)(8 + text.Length), 0, 0, .. Encoding.ASCII.GetBytes(text)];
        byte[] header = [0x45, 0, 0, (byte)(20 + udp.Length), 0, 0, 0, 0, 64, 17, 0, 0, .. from.GetAddressBytes(), .. to.GetAddressBytes()];
        var sum = header.Chunk(2).Sum(pair => (pair[0] << 8) + pair[1]);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(10), (ushort)~((sum & 0xFFFF) + (sum >> 16)));
        return [.. target, 0x02, 0x42, 0x7f, 0, 0, 1, 0x08, 0x00, .. header, .. udp];
    }
}
