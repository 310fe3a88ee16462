using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Flags;

/// <summary>The flags about names and addresses.</summary>
public sealed class NetworkFlagTests(SharedDaemon shared) : EndToEndTest(shared)
{
    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Names_and_their_resolution_are_the_users_choice(string client)
    {
        var run = (await Client(client).ScriptAsync(
            "run --rm -h boat --domainname example.com --dns 192.0.2.1 --dns-option ndots:3 --dns-opt timeout:2 --dns-search example.org --add-host far:192.0.2.7 busybox",
            "cat /etc/resolv.conf; hostname; cat /proc/sys/kernel/domainname; grep -E 'far|boat' /etc/hosts | sed 's/[\\t ]+/ /g' | tr '\\t' ' ' | sed 's/^10[^ ]*/IP/'")).Expect(0).Lines;
        Assert.Contains("nameserver 192.0.2.1", run);
        Assert.Contains("search example.org", run);
        Assert.Contains("options ndots:3 timeout:2", run);
        Assert.Contains("boat", run);
        Assert.Contains("example.com", run);
        Assert.Contains("192.0.2.7 far", run);
        Assert.Contains("IP boat.example.com boat", run);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task The_links_address_is_the_users_choice(string client) =>
        Assert.Equal("02:42:ac:11:00:99", (await Client(client).RunAsync("run --rm --mac-address 02:42:ac:11:00:99 busybox cat /sys/class/net/eth0/address")).Expect(0).Line);

    /// <remarks>Beyond Docker, which takes an address on networks of the user's own only.</remarks>
    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task An_address_of_the_default_bridge_can_be_chosen(string client)
    {
        Assert.SkipWhen(Daemon.IsDockerd, "beyond Docker");
        var address = Daemon.Address[..Daemon.Address.LastIndexOf('.')] + (client == "docker" ? ".201" : ".202");
        Assert.Contains($"inet {address}/", (await Client(client).RunAsync($"run --rm --ip {address} busybox ip -4 -o addr show eth0")).Expect(0).Output, StringComparison.Ordinal);
        var name = NewName();
        (await Client(client).RunAsync($"create --name {name} --ip6 2001:db8::7 --link-local-ip 169.254.7.7 busybox true")).Expect(0);
        var asked = (await InspectAsync(name))["NetworkSettings"]!["Networks"]!["bridge"]!["IPAMConfig"]!;
        Assert.Equal(("2001:db8::7", "169.254.7.7"), ((string)asked["IPv6Address"]!, (string)asked["LinkLocalIPs"]![0]!));
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task P_publishes_all_that_is_exposed(string client)
    {
        var name = NewName();
        (await Client(client).RunAsync($"run -d --name {name} --expose 8080 --expose 9000-9001/udp -P busybox sleep 1000")).Expect(0);
        var ports = (await Client(client).RunAsync($"port {name}")).Expect(0).Lines;
        Assert.Equal(["8080/tcp", "9000/udp", "9001/udp"], ports.Select(line => line.Split(' ')[0]).Distinct().Order(StringComparer.Ordinal));
        Assert.Matches(@"^0\.0\.0\.0:\d+$", (await Client(client).RunAsync($"port {name} 8080")).Expect(0).Lines[0]);
        Assert.Equal("Error: No public port '81' published for " + name, (await Client(client).RunAsync($"port {name} 81")).Expect(1).Error.TrimEnd());

        var other = NewName();
        (await Client(client).RunAsync($"run -d --name {other} --expose 8080 --publish-all busybox sleep 1000")).Expect(0);
        Assert.NotEqual(ports[0], (await Client(client).RunAsync($"port {other}")).Expect(0).Lines[0]);
    }
}
