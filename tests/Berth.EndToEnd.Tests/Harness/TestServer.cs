using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Berth.EndToEnd.Tests.Harness;

/// <summary>A server of a test's own, which serves one request on each connection and notes what it was asked.</summary>
/// <param name="port">0: a free one.</param>
public abstract class TestServer(IPAddress address, int port = 0) : IAsyncDisposable
{
    private readonly TcpListener _listener = new(address, port);
    private readonly CancellationTokenSource _end = new();
    private readonly List<string> _requests = [];
    private Task _accepting = Task.CompletedTask;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Host => _listener.LocalEndpoint.ToString()!;

    /// <summary>What was asked so far.</summary>
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

    /// <summary>Cancelled when the test is over.</summary>
    protected CancellationToken End => _end.Token;

    public virtual async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _end.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>For the end of a constructor: from here on connections are served.</summary>
    protected void Start()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    protected void Note(string request)
    {
        lock (_requests)
        {
            _requests.Add(request);
        }
    }

    /// <summary>Serves one connection, which ends when this returns.</summary>
    protected abstract Task ServeAsync(TcpClient client);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                _ = ServeToEndAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeToEndAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await ServeAsync(client);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or ObjectDisposedException or AuthenticationException)
            {
                // The other side left, or does not speak TLS.
            }
        }
    }
}
