using System.Globalization;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Networks;

/// <summary>What one container says on its network, with the capabilities that each has, changes neither the host nor its neighbours.</summary>
public sealed class NeighbourTests
{
    // From fe80::1 to all nodes: a router for the next half hour, with a hop limit, and a prefix to take addresses from.
    private const string Ethernet = "333300000001" + "02427f000001" + "86dd";
    private const string Header = "60000000" + "0030" + "3a" + "ff" + "fe800000000000000000000000000001" + "ff020000000000000000000000000001";
    private const string Message = "8600" + "0000" + "40" + "00" + "0708" + "00000000" + "00000000";
    private const string Prefix = "0304" + "40c0" + "00000e10" + "00000e10" + "00000000" + "fd000000000000420000000000000000";

    [Fact]
    public async Task A_router_advertisement_of_a_container_is_taken_by_nobody_that_did_not_ask_for_ipv6()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the end-to-end tests need root");
        await using var daemon = await Daemon.StartInOwnNetworkAsync();
        // One that listens, to know that the advertisements are good and have come.
        const string Listen = "cd /proc/sys/net/ipv6/conf/eth0; echo 1 > accept_ra; echo 0 > disable_ipv6; exec sleep 1000";
        (await daemon.Docker.ScriptAsync("run -d --privileged --name listener busybox", Listen)).Expect(0);
        (await daemon.Docker.RunAsync("run -d --name neighbour busybox sleep 1000")).Expect(0);

        await Eventually.HoldsAsync("who asked for it has the route", async () =>
        {
            (await daemon.Docker.RunAsync($"run --rm busybox send-frame eth0 5 {Advertisement()}")).Expect(0);
            return (await RoutesAsync(["exec", "listener"])).Contains("default", StringComparison.Ordinal);
        });
        Assert.Equal("", await RoutesAsync(["exec", "neighbour"]));
        var host = await Shell.RunAsync("nsenter", ["--net", "--target", daemon.Process.Id.ToString(CultureInfo.InvariantCulture), "ip", "-6", "route"]);
        Assert.DoesNotContain(daemon.Bridge, host.Expect(0).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("default", host.Output, StringComparison.Ordinal);

        async Task<string> RoutesAsync(string[] words) => (await daemon.Docker.RunAsync([.. words, "ip", "-6", "route", "show"])).Expect(0).Line;
    }

    [Fact]
    public async Task Its_first_link_has_no_ipv6_and_its_loopback_has()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the end-to-end tests need root");
        await using var daemon = await Daemon.StartInOwnNetworkAsync();
        var run = await daemon.Docker.ScriptAsync("run --rm busybox", "cd /proc/sys/net/ipv6/conf; cat all/disable_ipv6 lo/disable_ipv6 eth0/disable_ipv6 eth0/accept_ra; ip -6 -o address");
        Assert.Equal(["0", "0", "1", "0"], run.Expect(0).Lines.Take(4));
        Assert.Contains("::1/128", Assert.Single(run.Lines.Skip(4)), StringComparison.Ordinal);
    }

    private static string Advertisement()
    {
        var message = Convert.FromHexString(Message + Prefix);
        var sum = Sum(Convert.FromHexString(Header)[8..]) + Sum(message) + message.Length + 58;
        while (sum > 0xFFFF)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        (message[2], message[3]) = ((byte)(~sum >> 8), (byte)~sum);
        return Ethernet + Header + Convert.ToHexStringLower(message);
    }

    private static int Sum(byte[] bytes) => bytes.Chunk(2).Sum(pair => (pair[0] << 8) + pair[1]);
}
