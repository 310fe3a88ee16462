using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Berth.EndToEnd.Tests.Harness;

/// <summary>An HTTP proxy which alone knows where the hosts of a test are: CONNECT for TLS, whole addresses for plain HTTP.</summary>
public sealed class ConnectProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly IReadOnlyDictionary<string, int> _ports;
    private readonly string? _credentials;
    private readonly List<string> _requests = [];
    private readonly Task _accepting;

    /// <param name="ports">Ports of this machine, by the host and port that the client asks for.</param>
    /// <param name="credentials">What the client must say, as user:password; null: everybody is served.</param>
    public ConnectProxy(IReadOnlyDictionary<string, int> ports, string? credentials = null)
    {
        _ports = ports;
        _credentials = credentials is null ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials));
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Host => _listener.LocalEndpoint.ToString()!;

    /// <summary>The first lines of the requests that were let through.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await ServeAsync(client.GetStream(), server);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // One of them left.
            }
        }
    }

    private async Task ServeAsync(NetworkStream client, TcpClient server)
    {
        if (await HttpHead.ReadAsync(client, _end.Token) is not { } head)
        {
            return;
        }

        if (_credentials is not null && !head.Contains($"Proxy-Authorization: Basic {_credentials}", StringComparison.OrdinalIgnoreCase))
        {
            await SayAsync(client, "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"proxy\"");
            return;
        }

        lock (_requests)
        {
            _requests.Add(head.Split('\r')[0]);
        }

        var words = head.Split(' ');
        var isTunnel = words[0] == "CONNECT";
        var place = isTunnel ? words[1] : new Uri(words[1]).Authority;
        if (!_ports.TryGetValue(place, out var port))
        {
            await SayAsync(client, "502 Bad Gateway");
            return;
        }

        await server.ConnectAsync(IPAddress.Loopback, port, _end.Token);
        var to = server.GetStream();
        if (isTunnel)
        {
            await client.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), _end.Token);
        }
        else
        {
            var direct = head.Replace(words[1], new Uri(words[1]).PathAndQuery, StringComparison.Ordinal).Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal);
            await to.WriteAsync(Encoding.Latin1.GetBytes(direct), _end.Token);
        }

        var sending = client.CopyToAsync(to, _end.Token);
        await to.CopyToAsync(client, _end.Token);
        _ = sending.ContinueWith(t => t.Exception, TaskScheduler.Default);
    }

    private Task SayAsync(NetworkStream client, string status) =>
        client.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), _end.Token).AsTask();
}
