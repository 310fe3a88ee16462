using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Berth.Api;

namespace Berth.Daemon.Tests.Server;

/// <summary>An echo through a hijacked connection, whose endpoint says END after its input's end and returns at once.</summary>
public sealed class HijackTests
{
    [Theory]
    [InlineData(true, 0)]
    [InlineData(true, 20_000_000)]
    [InlineData(false, 0)]
    [InlineData(false, 20_000_000)]
    public async Task Everything_comes_back_after_the_client_closed_its_sending_side(bool upgrade, int length)
    {
        await using var server = await StartEchoAsync();
        var sent = RandomNumberGenerator.GetBytes(length);

        var (head, received) = await TalkAsync(server, upgrade, "/echo", body: "", sent);

        Assert.StartsWith(upgrade ? "HTTP/1.1 101 UPGRADED\r\n" : "HTTP/1.1 200 OK\r\n", head);
        Assert.Equal(upgrade, head.Contains("Connection: Upgrade\r\nUpgrade: tcp\r\n"));
        Assert.Equal([.. sent, .. "END"u8], received);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_request_may_have_a_body_before_its_stream(bool upgrade)
    {
        await using var server = await StartEchoAsync();

        var (_, received) = await TalkAsync(server, upgrade, "/echo", """{"message":"x"}""", "then this"u8.ToArray());

        Assert.Equal("then thisEND", Encoding.ASCII.GetString(received));
    }

    [Theory]
    [InlineData("/v1.41/echo", "application/vnd.docker.raw-stream")]
    [InlineData("/v1.42/echo", "application/vnd.docker.multiplexed-stream")]
    public async Task The_content_type_of_frames_depends_on_the_version(string path, string type)
    {
        await using var server = await StartEchoAsync();

        var (head, _) = await TalkAsync(server, upgrade: true, path, body: "", []);

        Assert.Contains($"Content-Type: {type}\r\n", head);
    }

    [Fact]
    public async Task A_silent_stream_learns_that_its_client_is_gone_but_does_not_take_half_close_for_it()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var gone = new TaskCompletionSource();
        await using var server = await RunningServer.StartAsync(routes => routes.Post("/silent", async request =>
        {
            var connection = await request.HijackAsync(request.MultiplexedStreamType);
            await using var registration = connection.Gone.Register(gone.SetResult);
            await gone.Task;
        }));
        using (var socket = await server.ConnectAsync(cancellation))
        {
            await socket.SendAsync("POST /silent HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
            await socket.ReceiveAsync(new byte[1000]);
            socket.Shutdown(SocketShutdown.Send);
            await Task.Delay(200, cancellation);
            Assert.False(gone.Task.IsCompleted);
        }

        await gone.Task.WaitAsync(TimeSpan.FromSeconds(60), cancellation);
    }

    private static Task<RunningServer> StartEchoAsync() => RunningServer.StartAsync(routes => routes.Post("/echo", async request =>
    {
        await request.ReadJsonAsync(ErrorJson.Default.ErrorResponse);
        var connection = await request.HijackAsync(request.MultiplexedStreamType);
        await connection.Input.CopyToAsync(connection.Output, connection.Gone);
        await connection.Output.WriteAsync("END"u8.ToArray(), connection.Gone);
    }));

    private static async Task<(string Head, byte[] Received)> TalkAsync(
        RunningServer server, bool upgrade, string path, string body, byte[] sent)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var socket = await server.ConnectAsync(cancellation);
        await using var stream = new NetworkStream(socket);
        var head = new StringBuilder($"POST {path} HTTP/1.1\r\nHost: x\r\n");
        head.Append(upgrade ? "Connection: Upgrade\r\nUpgrade: tcp\r\n" : "");
        head.Append(body.Length > 0 ? $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n" : "");
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{head}\r\n{body}"), cancellation);

        var answer = new List<byte>();
        while (!Encoding.ASCII.GetString([.. answer]).EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            var next = stream.ReadByte();
            Assert.NotEqual(-1, next);
            answer.Add((byte)next);
        }

        var received = new MemoryStream();
        var reading = stream.CopyToAsync(received, cancellation);
        await stream.WriteAsync(sent, cancellation);
        socket.Shutdown(SocketShutdown.Send);
        await reading.WaitAsync(TimeSpan.FromSeconds(60), cancellation);
        return (Encoding.ASCII.GetString([.. answer]), received.ToArray());
    }
}
