using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Networks;

/// <summary>A published port is reached from everywhere that a user would try: real traffic, all directions.</summary>
public sealed class PublishTests(SharedDaemon shared) : EndToEndTest(shared)
{
    private const string WebServer = "busybox sh -c";

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_tcp_port_is_reached_from_loopback_and_from_the_hosts_addresses(string client)
    {
        var port = Ports.Free();
        var name = NewName();
        (await Client(client).RunAsync([.. $"run -d --name {name} -p {port}:80 {WebServer}".Split(' '), "echo hello > /var/www/index.html; exec httpd -f -p 80 -h /var/www"])).Expect(0);
        foreach (var address in (IEnumerable<string>)["127.0.0.1", .. HostAddresses()])
        {
            Assert.Equal("hello\n", await FetchAsync($"http://{address}:{port}/"));
        }

        Assert.Contains($"0.0.0.0:{port}", (await Client(client).RunAsync($"port {name}")).Expect(0).Output);
    }

    [Fact]
    public async Task It_is_reached_from_another_container_and_from_the_container_itself()
    {
        var port = Ports.Free();
        var name = NewName();
        (await Docker.RunAsync([.. $"run -d --name {name} -p {port}:80 {WebServer}".Split(' '), "echo hello > /var/www/index.html; exec httpd -f -p 80 -h /var/www"])).Expect(0);
        var gateway = (string)(await InspectAsync(name))["NetworkSettings"]!["Networks"]!["bridge"]!["Gateway"]!;
        foreach (var address in HostAddresses().Append(gateway))
        {
            Assert.Equal("hello", await FetchInsideAsync("run --rm busybox", address, port));
            Assert.Equal("hello", await FetchInsideAsync($"exec {name}", address, port));
        }
    }

    [Fact]
    public async Task Containers_reach_each_other_by_address()
    {
        var name = NewName();
        (await Docker.RunAsync("run", "-d", "--name", name, "busybox", "sh", "-c", "echo hi > /var/www/index.html; exec httpd -f -p 80 -h /var/www")).Expect(0);
        var address = (string)(await InspectAsync(name))["NetworkSettings"]!["Networks"]!["bridge"]!["IPAddress"]!;
        Assert.Equal("hi", await FetchInsideAsync("run --rm busybox", address, 80));
    }

    [Fact]
    public async Task A_udp_reply_comes_from_the_published_port()
    {
        var port = Ports.Free();
        var name = NewName();
        (await Docker.RunAsync("run", "-d", "--name", name, "-p", $"{port}:9000/udp", "busybox", "sh", "-c", "exec udp-echo 9000")).Expect(0);
        using var socket = new UdpClient();
        socket.Connect("127.0.0.1", port); // A reply from another address or port is not delivered to a connected socket.
        string? reply = null;
        await Eventually.HoldsAsync("the echo comes back", async () =>
        {
            await socket.SendAsync("ping"u8.ToArray());
            try
            {
                using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
                reply = Encoding.UTF8.GetString((await socket.ReceiveAsync(limit.Token)).Buffer);
                return true;
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                return false; // Not listening yet.
            }
        });
        Assert.Equal("ping", reply);
    }

    [Theory]
    [InlineData("127.0.0.1::80")]
    [InlineData("127.0.0.1:0:80")]
    public async Task Host_port_0_is_one_that_was_free_and_is_shown_at_once(string publish)
    {
        var name = NewName();
        (await Docker.RunAsync("run", "-d", "--name", name, "-p", publish, "busybox", "sh", "-c", "echo hello > /var/www/index.html; exec httpd -f -p 80 -h /var/www")).Expect(0);
        var binding = (await InspectAsync(name))["NetworkSettings"]!["Ports"]!["80/tcp"]![0]!;
        Assert.Equal("127.0.0.1", (string?)binding["HostIp"]);
        Assert.Equal("hello\n", await FetchAsync($"http://127.0.0.1:{(string)binding["HostPort"]!}/"));
    }

    [Fact]
    public async Task A_port_that_another_program_listens_on_is_refused()
    {
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var run = (await Docker.RunAsync($"run --name {NewName()} -p {port}:80 busybox true")).Expect(125);
        Assert.Contains("address already in use", run.Error);
    }

    [Fact]
    public async Task A_freed_port_can_be_published_again()
    {
        var port = Ports.Free();
        for (var i = 0; i < 3; i++)
        {
            (await Docker.RunAsync($"run --rm -p {port}:80 busybox true")).Expect(0);
        }
    }

    [Theory]
    [InlineData("none", "lo")]
    [InlineData("bridge", "eth0 lo")]
    public async Task Each_network_mode_shows_its_links(string mode, string links) =>
        Assert.Equal(links, string.Join(' ', (await Docker.RunAsync($"run --rm --network {mode} busybox ls /sys/class/net")).Expect(0).Lines.Where(l => l is "lo" or "eth0").Order()));

    [Fact]
    public async Task Host_mode_shares_the_hosts_links()
    {
        var host = Directory.GetDirectories("/sys/class/net").Select(Path.GetFileName).ToHashSet();
        var seen = (await Docker.RunAsync("run --rm --network host busybox ls /sys/class/net")).Expect(0).Lines;
        Assert.Contains("lo", seen);
        Assert.Contains(seen, link => link != "lo" && host.Contains(link));
    }

    [Fact]
    public async Task A_container_of_another_containers_network_sees_its_ports()
    {
        var name = NewName();
        (await Docker.RunAsync("run", "-d", "--name", name, "busybox", "sh", "-c", "echo hi > /var/www/index.html; exec httpd -f -p 80 -h /var/www")).Expect(0);
        Assert.Equal("hi", await FetchInsideAsync($"run --rm --network container:{name} busybox", "127.0.0.1", 80));
    }

    [Fact]
    public async Task Hosts_and_resolver_files_name_the_container_and_the_servers()
    {
        var run = (await Docker.ScriptAsync("run --rm -h boat --add-host other:10.1.2.3 --dns 10.9.9.9 --dns-search lan busybox", "cat /etc/hosts /etc/resolv.conf; hostname -i")).Expect(0);
        Assert.Matches(@"(?m)^127\.0\.0\.1\s+localhost", run.Output);
        Assert.Contains("10.1.2.3\tother", run.Output);
        Assert.Matches($@"(?m)^{run.Lines[^1]}\s+boat$", run.Output);
        Assert.Contains("nameserver 10.9.9.9", run.Output);
        Assert.Contains("search lan", run.Output);
    }

    private static async Task<string> FetchAsync(string url)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        var body = "";
        await Eventually.HoldsAsync($"{url} answers", async () =>
        {
            try
            {
                body = await http.GetStringAsync(url);
                return true;
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                return false;
            }
        });
        return body;
    }

    /// <summary>The last line of a page, fetched by a process inside a container. busybox's wget needs a resolver that a static program lacks; nc does not.</summary>
    private async Task<string> FetchInsideAsync(string words, string address, int port)
    {
        var line = "";
        await Eventually.HoldsAsync($"{address}:{port} answers inside", async () =>
        {
            var fetch = await Docker.ScriptAsync(words, $"printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 2 {address} {port}");
            line = fetch.Lines is [.., var last] ? last : "";
            return fetch.ExitCode == 0 && line.Length > 0;
        });
        return line;
    }

    /// <summary>This machine's own addresses on links that no container engine made.</summary>
    private static List<string> HostAddresses() =>
        [.. NetworkInterface.GetAllNetworkInterfaces()
            .Where(link => link.Name.StartsWith("eth", StringComparison.Ordinal) || link.Name.StartsWith("en", StringComparison.Ordinal))
            .SelectMany(link => link.GetIPProperties().UnicastAddresses)
            .Where(address => address.Address.AddressFamily == AddressFamily.InterNetwork)
            .Select(address => address.Address.ToString())];
}
