using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Berth.Api.Containers;
using Berth.Engine.Events;
using Berth.Engine.Networks;

namespace Berth.Engine.Tests.Networks;

/// <summary>The default bridge on the real kernel, with real traffic, on a machine of its own.</summary>
public sealed class NetworkServiceTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("berth-network-").FullName;
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;
    private readonly List<string> _reports = [];
    private Machine _machine = null!;
    private EventService _events = null!;
    private NetworkService _networks = null!;
    private int _containers;

    public async ValueTask InitializeAsync()
    {
        _machine = await Machine.StartAsync();
        _events = new EventService(Path.Combine(_directory, "events"), TimeProvider.System, new Log(TextWriter.Null, LogLevel.Error, TimeProvider.System));
        _networks = NewService();
    }

    public async ValueTask DisposeAsync()
    {
        if (_networks is not null)
        {
            await _networks.DisposeAsync();
            _events.Dispose();
            await _machine.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_container_reaches_the_outside_and_the_outside_does_not_reach_it()
    {
        var (place, network) = await ConnectAsync(new ContainerNetworkRequest { ContainerId = "c", Name = "c", Hostname = "c" });
        using var outside = _machine.Outside.ServeTcp(7000);
        using var inside = place.ServeTcp(7000);

        Assert.Equal(Machine.HostAddress.ToString(), await place.FetchAsync(Machine.OutsideAddress, 7000));
        Assert.Null(await _machine.Outside.FetchAsync(Address(network), 7000));
        Assert.NotNull(await _machine.Host.FetchAsync(Address(network), 7000));
    }

    [Fact]
    public async Task Not_even_the_first_packet_is_lost()
    {
        // An address that was asked for in vain is asked for again after a second. A busy machine makes a few wait so long, a fault all.
        const int Count = 20;
        using var server = _machine.Host.ServeTcp(7000);
        var late = 0;
        for (var i = 0; i < Count; i++)
        {
            var (place, network) = await ConnectAsync(Request($"c{i}"));
            var started = Stopwatch.GetTimestamp();
            Assert.NotNull(await place.FetchAsync(Gateway(network), 7000));
            late += Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(0.9) ? 0 : 1;
        }

        Assert.True(late < Count / 2, $"{late} of {Count} containers asked for an address twice");
    }

    [Fact]
    public async Task Containers_reach_each_other()
    {
        var (one, network) = await ConnectAsync(Request("one"));
        var (two, _) = await ConnectAsync(Request("two"));
        using var server = one.ServeTcp(7000);
        Assert.NotNull(await two.FetchAsync(Address(network), 7000));
    }

    [Fact]
    public async Task A_published_port_is_reached_from_all_four_directions()
    {
        var (place, network) = await ConnectAsync(Request("web", ("80/tcp", "", "8080")));
        var (other, _) = await ConnectAsync(Request("other"));
        using var server = place.ServeTcp(80);

        Assert.Equal(Machine.OutsideAddress.ToString(), await _machine.Outside.FetchAsync(Machine.HostAddress, 8080));
        Assert.NotNull(await _machine.Host.FetchAsync(Machine.HostAddress, 8080));
        Assert.NotNull(await _machine.Host.FetchAsync(IPAddress.Loopback, 8080));
        Assert.NotNull(await _machine.Host.FetchAsync(Gateway(network), 8080));
        Assert.NotNull(await other.FetchAsync(Machine.HostAddress, 8080));
        Assert.NotNull(await other.FetchAsync(Gateway(network), 8080));
        Assert.NotNull(await place.FetchAsync(Machine.HostAddress, 8080));
        Assert.Equal("8080", network.Ports["80/tcp"]![0].HostPort);
    }

    [Fact]
    public async Task Replies_to_udp_come_from_the_published_port()
    {
        var (place, _) = await ConnectAsync(Request("dns", ("53/udp", "", "5353")));
        var (other, _) = await ConnectAsync(Request("other"));
        using var server = place.ServeUdp(53);

        Assert.Equal(new IPEndPoint(Machine.HostAddress, 5353), await _machine.Outside.AskAsync(Machine.HostAddress, 5353));
        Assert.Equal(new IPEndPoint(Machine.HostAddress, 5353), await _machine.Host.AskAsync(Machine.HostAddress, 5353));
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 5353), await _machine.Host.AskAsync(IPAddress.Loopback, 5353));
        Assert.Equal(new IPEndPoint(Machine.HostAddress, 5353), await other.AskAsync(Machine.HostAddress, 5353));
    }

    [Fact]
    public async Task A_udp_client_that_goes_on_sending_reaches_whoever_has_the_port_now()
    {
        using var client = _machine.Outside.Open(SocketType.Dgram, ProtocolType.Udp);
        Assert.Null(await Place.AskAsync(client, Machine.HostAddress, 5353));
        var (first, _) = await ConnectAsync(Request("first", ("53/udp", "", "5353")));
        using var one = first.ServeUdp(53);
        Assert.NotNull(await Place.AskAsync(client, Machine.HostAddress, 5353));

        await _networks.DisconnectAsync("first");
        var (second, _) = await ConnectAsync(Request("second", ("53/udp", "", "5353")));
        await first.EndAsync();
        using var two = second.ServeUdp(53);
        Assert.NotNull(await Place.AskAsync(client, Machine.HostAddress, 5353));
    }

    [Fact]
    public async Task Ports_of_one_address_and_of_every_address_go_together()
    {
        var (place, _) = await ConnectAsync(Request("web", ("80/tcp", "127.0.0.1", "8080"), ("81/tcp", "", "8081"), ("82/tcp", Machine.HostAddress.ToString(), "8080")));
        using var local = place.ServeTcp(80);
        using var every = place.ServeTcp(81);
        using var wire = place.ServeTcp(82);
        Assert.NotNull(await _machine.Host.FetchAsync(IPAddress.Loopback, 8080));
        Assert.NotNull(await _machine.Outside.FetchAsync(Machine.HostAddress, 8080));
        Assert.NotNull(await _machine.Outside.FetchAsync(Machine.HostAddress, 8081));
        await _networks.DisconnectAsync("web");
        Assert.Null(await _machine.Outside.FetchAsync(Machine.HostAddress, 8081));
    }

    [Fact]
    public async Task A_port_published_on_127_0_0_1_is_for_this_host_alone()
    {
        var (place, _) = await ConnectAsync(Request("web", ("80/tcp", "127.0.0.1", "8080")));
        using var server = place.ServeTcp(80);
        Assert.NotNull(await _machine.Host.FetchAsync(IPAddress.Loopback, 8080));
        Assert.Null(await _machine.Host.FetchAsync(Machine.HostAddress, 8080));
        Assert.Null(await _machine.Outside.FetchAsync(Machine.HostAddress, 8080));
        // A neighbour that sends packets for 127.0.0.1 over the wire.
        _machine.Outside.Sh($"ip link set lo down; echo 1 > /proc/sys/net/ipv4/conf/all/route_localnet; ip route add 127.0.0.1 via {Machine.HostAddress} src {Machine.OutsideAddress} table 7; ip rule add priority 0 to 127.0.0.1 table 7; ip rule add priority 1 lookup local; ip rule del priority 0 lookup local");
        Assert.Null(await _machine.Outside.FetchAsync(IPAddress.Loopback, 8080));
    }

    [Fact]
    public async Task A_container_does_not_reach_what_listens_on_the_hosts_loopback()
    {
        var (place, network) = await ConnectAsync(Request("c"));
        using var listener = _machine.Host.Open(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 7001));
        listener.Listen();
        place.Sh($"ip link set lo down; echo 1 > /proc/sys/net/ipv4/conf/all/route_localnet; ip route add 127.0.0.1 via {Gateway(network)} src {Address(network)} table 7; ip rule add priority 0 to 127.0.0.1 table 7; ip rule add priority 1 lookup local; ip rule del priority 0 lookup local");
        Assert.Null(await place.FetchAsync(IPAddress.Loopback, 7001));
    }

    [Fact]
    public async Task A_port_of_another_container_and_a_port_of_another_program_are_told_apart()
    {
        await ConnectAsync(Request("first", ("80/tcp", "", "8080")));
        var ours = await Assert.ThrowsAsync<EngineException>(() => ConnectAsync(Request("second", ("80/tcp", "", "8080"))));
        Assert.StartsWith("driver failed programming external connectivity on endpoint second (", ours.Message, StringComparison.Ordinal);
        Assert.EndsWith("): Bind for 0.0.0.0:8080 failed: port is already allocated", ours.Message, StringComparison.Ordinal);

        using var foreign = _machine.Host.Open(SocketType.Stream, ProtocolType.Tcp);
        foreign.Bind(new IPEndPoint(IPAddress.Any, 8081));
        foreign.Listen();
        var theirs = await Assert.ThrowsAsync<EngineException>(() => ConnectAsync(Request("third", ("80/tcp", "", "8081"))));
        Assert.EndsWith("): failed to bind port 0.0.0.0:8081/tcp: listen tcp4 0.0.0.0:8081: bind: address already in use", theirs.Message, StringComparison.Ordinal);

        using var late = _machine.Host.Open(SocketType.Stream, ProtocolType.Tcp);
        late.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        Assert.Throws<SocketException>(() =>
        {
            late.Bind(new IPEndPoint(IPAddress.Any, 8080));
            late.Listen();
        });
    }

    [Fact]
    public async Task A_failed_connect_leaves_nothing()
    {
        var (_, first) = await ConnectAsync(Request("first", ("80/tcp", "", "8080")));
        await Assert.ThrowsAsync<EngineException>(() => ConnectAsync(Request("second", ("81/tcp", "", "8081"), ("80/tcp", "", "8080"))));
        var (_, third) = await ConnectAsync(Request("third", ("81/tcp", "", "8081")));
        Assert.Equal("8081", third.Ports["81/tcp"]![0].HostPort);
        Assert.Equal(2, Links().Count(l => l.Contains("veth", StringComparison.Ordinal)));
        Assert.NotEqual(Address(first), Address(third));
    }

    [Fact]
    public async Task The_same_port_of_both_families_is_no_conflict()
    {
        var (place, network) = await ConnectAsync(Request("web", ("80/tcp", "0.0.0.0", "8080"), ("81/tcp", "::", "8080")));
        using var server = place.ServeTcp(80);
        Assert.NotNull(await _machine.Outside.FetchAsync(Machine.HostAddress, 8080));
        Assert.Equal("::", network.Ports["81/tcp"]![0].HostIp);
    }

    [Fact]
    public async Task Host_port_zero_and_ranges_give_free_ports()
    {
        var (_, any) = await ConnectAsync(Request("any", ("80/tcp", "", "0"), ("81/tcp", "", "")));
        var ports = any.Ports.Values.Select(p => int.Parse(p![0].HostPort, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.All(ports, p => Assert.InRange(p, 32768, 60999));
        Assert.Equal(2, ports.Distinct().Count());

        var (_, one) = await ConnectAsync(Request("one", ("80/tcp", "", "9000-9001")));
        var (_, two) = await ConnectAsync(Request("two", ("80/tcp", "", "9000-9001")));
        Assert.Equal(["9000", "9001"], [one.Ports["80/tcp"]![0].HostPort, two.Ports["80/tcp"]![0].HostPort]);
        var full = await Assert.ThrowsAsync<EngineException>(() => ConnectAsync(Request("three", ("80/tcp", "", "9000-9001"))));
        Assert.EndsWith("all ports are allocated", full.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forty_at_once_get_forty_addresses()
    {
        var places = new List<Place>();
        for (var i = 0; i < 40; i++)
        {
            places.Add(await _machine.AddAsync());
        }

        var networks = await Task.WhenAll(places.Select((p, i) => Task.Run(() => _networks.ConnectAsync(Request($"c{i}", ("80/tcp", "", "")), p.Pid, _cancellation))));
        Assert.Equal(40, networks.Select(n => n.Networks["bridge"].IPAddress).Distinct().Count());
        Assert.Equal(40, networks.Select(n => n.Ports["80/tcp"]![0].HostPort).Distinct().Count());
        await Task.WhenAll(networks.Select(n => _networks.DisconnectAsync(n.ContainerId)));
        await EventuallyAsync(() => !Links().Any(l => l.Contains("veth", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task After_a_restart_everything_goes_on_and_what_ended_meanwhile_is_freed()
    {
        var (place, before) = await ConnectAsync(Request("web", ("80/tcp", "", "8080")));
        var (gone, _) = await ConnectAsync(Request("gone", ("80/tcp", "", "8081")));
        using var server = place.ServeTcp(80);

        // A daemon that is killed disposes nothing.
        await gone.EndAsync();
        Assert.NotNull(await _machine.Outside.FetchAsync(Machine.HostAddress, 8080));
        await using var next = NewService();
        var restored = await next.RestoreAsync(["web"], _cancellation);

        Assert.Equal(["web"], restored.Keys);
        Assert.Equal(before.Ports["80/tcp"]![0], restored["web"].Ports["80/tcp"]![0]);
        Assert.NotNull(await _machine.Outside.FetchAsync(Machine.HostAddress, 8080));

        // Unlike a daemon that was killed, the first one still watches the firewall here, and puts back what it knows: both do, in turn.
        await EventuallyAsync(() => !_machine.Host.Sh("nft list table ip berth-bn0").Contains("8081", StringComparison.Ordinal));
        await EventuallyAsync(() => Links().Count(l => l.Contains("veth", StringComparison.Ordinal)) == 1);
        await next.DisconnectAsync("web");
        Assert.Empty(Directory.GetFiles(Path.Combine(_directory, "run", "networks")));
        await _networks.DisconnectAsync("web");
        await _networks.DisconnectAsync("gone");
    }

    [Fact]
    public async Task Rules_that_another_program_flushes_come_back()
    {
        var (place, _) = await ConnectAsync(Request("web", ("80/tcp", "", "8080")));
        using var server = place.ServeTcp(80);
        _machine.Host.Sh("nft flush ruleset");
        await EventuallyAsync(() => _machine.Host.Sh("nft list ruleset").Contains("8080", StringComparison.Ordinal));
        Assert.NotNull(await _machine.Outside.FetchAsync(Machine.HostAddress, 8080));
        Assert.NotNull(await _machine.Host.FetchAsync(IPAddress.Loopback, 8080));
    }

    [Theory]
    [InlineData("iptables -P FORWARD DROP", "FORWARD")]
    [InlineData("iptables -N DOCKER-USER; iptables -A DOCKER-USER -j RETURN; iptables -I FORWARD -j DOCKER-USER; iptables -P FORWARD DROP", "DOCKER-USER")]
    public async Task Packets_pass_where_iptables_drops_what_is_forwarded(string setUp, string chain)
    {
        var (place, network) = await ConnectAsync(Request("web", ("80/tcp", "", "8080")));
        var (other, _) = await ConnectAsync(Request("other"));
        using var server = place.ServeTcp(80);
        using var outside = _machine.Outside.ServeTcp(7000);
        _machine.Host.Sh(setUp);
        await EventuallyAsync(() => _machine.Host.Sh($"iptables -S {chain}").Contains("-i bn0", StringComparison.Ordinal));

        Assert.NotNull(await _machine.Outside.FetchAsync(Machine.HostAddress, 8080));
        Assert.NotNull(await place.FetchAsync(Machine.OutsideAddress, 7000));
        Assert.NotNull(await other.FetchAsync(Address(network), 80));

        await place.EndAsync();
        await other.EndAsync();
        await _networks.DisconnectAsync("web");
        await _networks.DisconnectAsync("other");
        await _networks.DisposeAsync();
        Assert.DoesNotContain("bn0", _machine.Host.Sh("nft list ruleset"), StringComparison.Ordinal);
        _networks = NewService();
    }

    [Fact]
    public async Task Nothing_is_left_when_the_last_container_has_gone()
    {
        var (place, _) = await ConnectAsync(Request("web", ("80/tcp", "", "8080")));
        await place.EndAsync();
        await _networks.DisconnectAsync("web");
        await _networks.DisconnectAsync("web");
        await _networks.DisposeAsync();
        Assert.Equal(2, Links().Count(l => !l.Contains("sit0", StringComparison.Ordinal)));
        Assert.Equal("", _machine.Host.Sh("nft list ruleset"));
        Assert.Empty(_reports);
        _networks = NewService();
    }

    [Fact]
    public async Task Static_addresses_are_kept_and_checked()
    {
        var (_, network) = await ConnectAsync(Request("one") with { IPAddress = "10.82.0.77", MacAddress = "02:00:00:00:00:09" });
        Assert.Equal("10.82.0.77", network.Networks["bridge"].IPAddress);
        Assert.Equal("02:00:00:00:00:09", network.Networks["bridge"].MacAddress);
        Assert.Equal(ErrorKind.Forbidden, (await Assert.ThrowsAsync<EngineException>(() => ConnectAsync(Request("two") with { IPAddress = "10.82.0.77" }))).Kind);
        Assert.Equal(ErrorKind.InvalidParameter, (await Assert.ThrowsAsync<EngineException>(() => ConnectAsync(Request("two") with { IPAddress = "10.99.0.77" }))).Kind);
    }

    private static ContainerNetworkRequest Request(string name, params (string Port, string Address, string HostPort)[] ports) => new()
    {
        ContainerId = name,
        Name = name,
        Hostname = name,
        PortBindings = ports.ToDictionary(
            p => p.Port, p => (IReadOnlyList<PortBinding>?)[new PortBinding { HostIp = p.Address, HostPort = p.HostPort }]),
    };

    private static IPAddress Address(SandboxNetwork network) => IPAddress.Parse(network.Networks["bridge"].IPAddress);

    private static IPAddress Gateway(SandboxNetwork network) => IPAddress.Parse(network.Networks["bridge"].Gateway);

    private NetworkService NewService() => new(
        new EngineOptions
        {
            RuntimePath = "/nowhere",
            DataRoot = Path.Combine(_directory, "data"),
            ExecRoot = Path.Combine(_directory, "run"),
            Bridge = "bn0",
            BridgeAddress = "10.82.0.1/16",
        },
        _events,
        TimeProvider.System,
        new DeferredWrites(TimeProvider.System, new Log(TextWriter.Null, LogLevel.Error, TimeProvider.System)),
        (what, e) => _reports.Add($"{what}: {e.Message}"),
        HostNetwork.OfProcess(_machine.Host.Pid));

    private async Task<(Place Place, SandboxNetwork Network)> ConnectAsync(ContainerNetworkRequest request)
    {
        _containers++;
        var place = await _machine.AddAsync();
        return (place, await _networks.ConnectAsync(request, place.Pid, _cancellation));
    }

    private List<string> Links() => [.. _machine.Host.Sh("ip -o link").Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    private async Task EventuallyAsync(Func<bool> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(60), "did not happen within a minute");
            await Task.Delay(20, _cancellation);
        }
    }
}
