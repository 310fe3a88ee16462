using System.Net.Sockets;
using System.Text;
using Berth.Daemon.Life;
using Berth.Daemon.Server;
using Berth.Engine;

namespace Berth.Daemon.Tests.Server;

/// <summary>The real server on a socket of its own, with the endpoints of a test.</summary>
sealed class RunningServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ApiServer _server;

    private RunningServer(Routes routes, Task ready)
    {
        var log = new Log(LogText, LogLevel.Debug, TimeProvider.System);
        var sockets = ListenSocket.Open(ListenAddress.Parse($"unix://{_folder.File("s")}", null), group: null).ToList();
        _server = new ApiServer(routes, log, ready, sockets, () => TimeSpan.FromSeconds(5), _stopping.Token);
        Http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) => new NetworkStream(await ConnectAsync(cancellation), ownsSocket: true),
        })
        {
            BaseAddress = new Uri("http://berth"),
        };
    }

    public HttpClient Http { get; }

    public StringWriter LogText { get; } = new();

    public static async Task<RunningServer> StartAsync(Action<Routes> map, Task? ready = null)
    {
        var routes = new Routes();
        map(routes);
        var server = new RunningServer(routes, ready ?? Task.CompletedTask);
        await server._server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public async Task<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_folder.File("s")), cancellationToken);
        return socket;
    }

    /// <summary>The reply's status and body.</summary>
    public async Task<string> GetAsync(string path)
    {
        using var reply = await Http.GetAsync(path, TestContext.Current.CancellationToken);
        return await ShowAsync(reply);
    }

    public async Task<string> PostAsync(string path, string? body, string? contentType)
    {
        using var content = body is null ? null : new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        if (contentType is not null)
        {
            content!.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        using var reply = await Http.PostAsync(path, content, TestContext.Current.CancellationToken);
        return await ShowAsync(reply);
    }

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _server.StopAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Http.Dispose();
        await _server.StopAsync(new CancellationToken(canceled: true));
        await _server.DisposeAsync();
        _stopping.Dispose();
        _folder.Dispose();
    }

    private static async Task<string> ShowAsync(HttpResponseMessage reply) =>
        $"{(int)reply.StatusCode} {(await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).TrimEnd()}";
}
