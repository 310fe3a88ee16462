using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Berth.EndToEnd.Tests.Harness;

/// <summary>An HTTP proxy which alone knows where the hosts of a test are: CONNECT for TLS, whole addresses for plain HTTP.</summary>
public sealed class ConnectProxy : TestServer
{
    private readonly IReadOnlyDictionary<string, int> _ports;
    private readonly string? _credentials;

    /// <param name="ports">Ports of this machine, by the host and port that the client asks for.</param>
    /// <param name="credentials">What the client must say, as user:password; null: everybody is served.</param>
    public ConnectProxy(IReadOnlyDictionary<string, int> ports, string? credentials = null)
        : base(IPAddress.Loopback)
    {
        _ports = ports;
        _credentials = credentials is null ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials));
        Start();
    }

    /// <remarks>Notes the first lines of the requests that are let through.</remarks>
    protected override async Task ServeAsync(TcpClient client)
    {
        var from = client.GetStream();
        if (await HttpHead.ReadAsync(from, End) is not { } head)
        {
            return;
        }

        if (_credentials is not null && !head.Contains($"Proxy-Authorization: Basic {_credentials}", StringComparison.OrdinalIgnoreCase))
        {
            await SayAsync(from, "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"proxy\"");
            return;
        }

        Note(head.Split('\r')[0]);
        var words = head.Split(' ');
        var isTunnel = words[0] == "CONNECT";
        var place = isTunnel ? words[1] : new Uri(words[1]).Authority;
        if (!_ports.TryGetValue(place, out var port))
        {
            await SayAsync(from, "502 Bad Gateway");
            return;
        }

        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, port, End);
        var to = server.GetStream();
        if (isTunnel)
        {
            await from.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), End);
        }
        else
        {
            var direct = head.Replace(words[1], new Uri(words[1]).PathAndQuery, StringComparison.Ordinal).Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal);
            await to.WriteAsync(Encoding.Latin1.GetBytes(direct), End);
        }

        var sending = from.CopyToAsync(to, End);
        await to.CopyToAsync(from, End);
        _ = sending.ContinueWith(t => t.Exception, TaskScheduler.Default);
    }

    private Task SayAsync(NetworkStream client, string status) =>
        client.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), End).AsTask();
}
