using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Berth.Linux.Netlink;

namespace Berth.Engine.Tests.Networks;

/// <summary>
/// A machine of its own: a network namespace that counts as the host, another on the same wire as the outside, and any number
/// that count as containers. All end with this object.
/// </summary>
internal sealed class Machine : IAsyncDisposable
{
    internal static readonly IPAddress HostAddress = IPAddress.Parse("10.81.0.1");
    internal static readonly IPAddress OutsideAddress = IPAddress.Parse("10.81.0.2");

    private readonly List<Place> _places = [];

    private Machine()
    {
    }

    internal Place Host { get; private set; } = null!;

    internal Place Outside { get; private set; } = null!;

    internal static async Task<Machine> StartAsync()
    {
        Assert.SkipUnless(Environment.UserName == "root", "needs root: network namespaces");
        Assert.SkipUnless(File.Exists("/usr/sbin/nft") && File.Exists("/usr/sbin/iptables"), "needs nft and iptables, which the tests look at the rules with");
        var machine = new Machine();
        machine.Host = await machine.AddAsync();
        machine.Outside = await machine.AddAsync();
        await RunAsync("ip", ["link", "add", "bnwire", "netns", machine.Host.PidText, "type", "veth", "peer", "name", "bnwire", "netns", machine.Outside.PidText]);
        foreach (var (place, address) in (ReadOnlySpan<(Place, IPAddress)>)[(machine.Host, HostAddress), (machine.Outside, OutsideAddress)])
        {
            place.Sh($"ip link set lo up; ip link set bnwire up; ip address add {address}/24 dev bnwire");
        }

        machine.Outside.Sh($"ip route add 172.16.0.0/12 via {HostAddress}; ip route add 10.82.0.0/16 via {HostAddress}");
        return machine;
    }

    /// <summary>A new network namespace with nothing in it, as a container's is before it is connected.</summary>
    internal async Task<Place> AddAsync()
    {
        var process = Process.Start(new ProcessStartInfo("unshare", ["--net", "sh", "-c", "echo ready; exec sleep 600"]) { RedirectStandardOutput = true })!;
        await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        var place = new Place(process);
        _places.Add(place);
        return place;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var place in _places)
        {
            await place.EndAsync();
        }
    }

    private static async Task RunAsync(string command, IEnumerable<string> arguments)
    {
        using var process = Process.Start(command, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}

/// <summary>A network namespace, held by a process that sleeps in it.</summary>
internal sealed class Place(Process process)
{
    private readonly NetworkNamespace _network = NetworkNamespace.OfProcess(process.Id);
    private bool _ended;

    internal int Pid { get; } = process.Id;

    internal string PidText => Pid.ToString(CultureInfo.InvariantCulture);

    /// <summary>Runs a shell command inside and returns what it printed.</summary>
    internal string Sh(string command, bool mayFail = false)
    {
        using var shell = Process.Start(
            new ProcessStartInfo("nsenter", ["--net", "--target", PidText, "sh", "-c", command]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = shell.StandardError.ReadToEndAsync();
        var output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        Assert.True(mayFail || shell.ExitCode == 0, $"{command}: {error.Result}");
        return output;
    }

    /// <summary>A TCP server that sends everyone the address it sees him come from.</summary>
    internal Socket ServeTcp(int port)
    {
        var listener = Open(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Any, port));
        listener.Listen();
        _ = Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    using var connection = await listener.AcceptAsync();
                    await connection.SendAsync(System.Text.Encoding.ASCII.GetBytes(((IPEndPoint)connection.RemoteEndPoint!).Address.ToString()));
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The end of the test.
            }
        });
        return listener;
    }

    /// <summary>A UDP server that sends every datagram back.</summary>
    internal Socket ServeUdp(int port)
    {
        var server = Open(SocketType.Dgram, ProtocolType.Udp);
        server.Bind(new IPEndPoint(IPAddress.Any, port));
        _ = Task.Run(async () =>
        {
            var buffer = new byte[100];
            try
            {
                while (true)
                {
                    var received = await server.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0));
                    await server.SendToAsync(buffer.AsMemory(0, received.ReceivedBytes), SocketFlags.None, received.RemoteEndPoint);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The end of the test.
            }
        });
        return server;
    }

    /// <summary>Connects and reads all that the server sends; null where nobody answers.</summary>
    internal async Task<string?> FetchAsync(IPAddress address, int port)
    {
        using var socket = Open(SocketType.Stream, ProtocolType.Tcp);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), patience.Token);
            var buffer = new byte[100];
            var count = await socket.ReceiveAsync(buffer, patience.Token);
            return System.Text.Encoding.ASCII.GetString(buffer, 0, count);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Sends a datagram and returns where the answer came from; null where none came.</summary>
    internal async Task<IPEndPoint?> AskAsync(IPAddress address, int port)
    {
        using var socket = Open(SocketType.Dgram, ProtocolType.Udp);
        return await AskAsync(socket, address, port);
    }

    internal static async Task<IPEndPoint?> AskAsync(Socket socket, IPAddress address, int port)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            await socket.SendToAsync("question"u8.ToArray(), SocketFlags.None, new IPEndPoint(address, port), patience.Token);
            var answer = await socket.ReceiveFromAsync(new byte[100], SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), patience.Token);
            return (IPEndPoint)answer.RemoteEndPoint;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return null;
        }
    }

    internal Socket Open(SocketType type, ProtocolType protocol) => Open(AddressFamily.InterNetwork, type, protocol);

    internal Socket Open(AddressFamily family, SocketType type, ProtocolType protocol) =>
        _network.Run(() => new Socket(family, type, protocol));

    /// <summary>Ends the process, and with it the namespace and its links.</summary>
    internal async Task EndAsync()
    {
        if (!_ended)
        {
            _ended = true;
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            _network.Dispose();
        }
    }
}
