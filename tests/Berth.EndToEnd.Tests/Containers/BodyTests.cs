using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Containers;

/// <summary>Requests that take the connection over, with a body: none of it is the process's input (issue 9).</summary>
public sealed class BodyTests(SharedDaemon shared) : EndToEndTest(shared)
{
    private const string Options = """{"stream":true,"stdin":true}""";

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task An_attach_drops_it(bool chunked, bool upgrade)
    {
        var name = NewName();
        (await Docker.RunAsync($"run -di --name {name} busybox cat")).Expect(0);
        await using var attach = await RawCall.SendAsync(Daemon, $"POST /containers/{name}/attach?stream=1&stdin=1&stdout=1", Options, upgrade, chunked);
        Assert.StartsWith(upgrade ? "HTTP/1.1 101" : "HTTP/1.1 200", attach.Head, StringComparison.Ordinal);
        await attach.WriteAsync("hello\n");
        attach.EndInput();
        Assert.Equal("ohello\n", await attach.ReadFrameAsync());
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task An_exec_reads_it(bool chunked, bool upgrade)
    {
        var name = await RunSleeperAsync();
        var made = await new EngineApi(Daemon.Http).PostAsync(
            $"containers/{name}/exec", JsonNode.Parse("""{"AttachStdin":true,"AttachStdout":true,"Cmd":["cat"]}"""));
        var id = (string)made.Expect(201).Json["Id"]!;
        await using var exec = await RawCall.SendAsync(Daemon, $"POST /exec/{id}/start", """{"Detach":false,"Tty":false}""", upgrade, chunked);
        Assert.StartsWith(upgrade ? "HTTP/1.1 101" : "HTTP/1.1 200", exec.Head, StringComparison.Ordinal);
        await exec.WriteAsync("hello\n");
        exec.EndInput();
        Assert.Equal("ohello\n", await exec.ReadFrameAsync());
        Assert.Null(await exec.ReadFrameAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_websocket_drops_it(bool chunked)
    {
        Assert.SkipWhen(Daemon.IsDockerd, "Docker takes it for the first frame");
        var name = NewName();
        (await Docker.RunAsync($"run -di --name {name} busybox cat")).Expect(0);
        await using var socket = await RawCall.SendAsync(
            Daemon,
            $"GET /containers/{name}/attach/ws?stream=1&stdin=1&stdout=1",
            Options,
            chunked: chunked,
            headers: "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
        Assert.StartsWith("HTTP/1.1 101", socket.Head, StringComparison.Ordinal);

        // A whole text message of six bytes, whose mask of zeros leaves them as they are (RFC 6455, 5.2); then a close.
        await socket.WriteAsync([0x81, 0x86, 0, 0, 0, 0, .. "hello\n"u8]);
        Assert.Equal([0x82, 6, .. "hello\n"u8], await socket.ReadAsync(8));
    }

    [Fact]
    public async Task One_without_an_end_is_refused()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "Docker does not read it");
        var name = NewName();
        (await Docker.RunAsync($"run -di --name {name} busybox cat")).Expect(0);
        var endless = new string('x', 9 << 20);
        await using var attach = await RawCall.SendAsync(
            Daemon, $"POST /containers/{name}/attach?stream=1&stdin=1", endless);
        Assert.StartsWith("HTTP/1.1 400", attach.Head, StringComparison.Ordinal);
        Assert.Equal("", (await Docker.RunAsync($"logs {name}")).Expect(0).Output);
    }
}
