using System.Net.Sockets;
using System.Text;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Containers;

public sealed class AttachTests(SharedDaemon shared) : EndToEndTest(shared)
{
    [Fact]
    public async Task An_attach_before_the_start_misses_no_byte()
    {
        for (var i = 0; i < 20; i++)
        {
            var name = NewName();
            (await Docker.RunAsync($"create --name {name} busybox echo first")).Expect(0);
            Assert.Equal("first\n", (await Docker.RunAsync($"start -a {name}")).Expect(0).Output);
        }
    }

    [Fact]
    public async Task Without_an_upgrade_the_answer_is_200_and_the_stream_is_framed()
    {
        var name = NewName();
        (await Docker.ScriptAsync($"create -i --name {name} busybox", "read x; echo $x")).Expect(0);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Daemon.Socket));
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /containers/{name}/attach?stream=1&stdin=1&stdout=1&stderr=1 HTTP/1.1\r\nHost: x\r\n\r\n"));
        (await Docker.RunAsync($"start {name}")).Expect(0);
        await stream.WriteAsync("word\n"u8.ToArray());
        socket.Shutdown(SocketShutdown.Send);
        var answer = new MemoryStream();
        await stream.CopyToAsync(answer).WaitAsync(Shell.Limit);
        var text = Encoding.Latin1.GetString(answer.ToArray());
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", text, StringComparison.Ordinal);
        Assert.Contains("application/vnd.docker.", text, StringComparison.Ordinal);
        Assert.EndsWith("\x01\0\0\0\0\0\0\x05word\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upgrade_is_answered_with_101()
    {
        var name = await RunSleeperAsync();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Daemon.Socket));
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /containers/{name}/attach?stream=1&stdout=1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"));
        var buffer = new byte[4096];
        var count = await stream.ReadAsync(buffer).AsTask().WaitAsync(Shell.Limit);
        var head = Encoding.Latin1.GetString(buffer, 0, count);
        Assert.StartsWith("HTTP/1.1 101 UPGRADED\r\n", head, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Upgrade: tcp", head, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Connection: Upgrade", head, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Two_clients_see_the_same_output()
    {
        var name = NewName();
        (await Docker.ScriptAsync($"create --name {name} busybox", "for i in 1 2 3; do echo $i; sleep 1; done")).Expect(0);
        var first = Docker.RunAsync($"start -a {name}");
        await Eventually.HoldsAsync("it runs", async () => (string?)(await InspectAsync(name))["State"]!["Status"] != "created");
        var second = await Docker.RunAsync($"attach {name}");
        Assert.Equal("1\n2\n3\n", (await first).Expect(0).Output);
        Assert.EndsWith("3\n", second.Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_for_removal_answers_its_headers_at_once()
    {
        var name = NewName();
        (await Docker.RunAsync($"create --rm --name {name} busybox sleep 0.2")).Expect(0);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"containers/{name}/wait?condition=removed");
        using var answer = await Daemon.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(200, (int)answer.StatusCode);
        (await Docker.RunAsync($"start {name}")).Expect(0);
        Assert.Contains("\"StatusCode\":0", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
