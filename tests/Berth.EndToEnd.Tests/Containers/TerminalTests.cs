using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Containers;

public sealed class TerminalTests(SharedDaemon shared) : EndToEndTest(shared)
{
    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_shell_in_a_terminal_has_its_size_and_its_exit_code(string client)
    {
        await using var terminal = Terminal.Open(Client(client), $"run -it --rm --name {NewName()} busybox sh");
        await terminal.ShowsAsync("# ");
        await terminal.TypeAsync("stty size; tty; test -t 0 && test -t 1 && test -t 2 && echo all-three\r");
        await terminal.ShowsAsync("33 101");
        await terminal.ShowsAsync("/dev/");
        await terminal.ShowsAsync("all-three\r\n");
        await terminal.TypeAsync("exit 5\r");
        Assert.Equal(5, await terminal.ExitCodeAsync());
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Ctrl_C_interrupts_what_runs_in_the_foreground(string client)
    {
        var name = NewName();
        await using var terminal = Terminal.Open(Client(client), $"run -it --rm --name {name} busybox sh");
        await terminal.ShowsAsync("# ");
        await terminal.TypeAsync("sleep 1000\r");
        await Eventually.HoldsAsync("sleep runs", async () => (await Docker.RunAsync($"exec {name} pidof sleep")).ExitCode == 0);
        await terminal.TypeAsync("\x03");
        await terminal.TypeAsync("echo code $?\r");
        await terminal.ShowsAsync("code 130");
        await terminal.TypeAsync("exit\r");
        Assert.Equal(0, await terminal.ExitCodeAsync());
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task The_detach_keys_leave_the_container_running_and_attach_comes_back(string client)
    {
        var name = NewName();
        await using (var terminal = Terminal.Open(Client(client), $"run -it --name {name} busybox sh"))
        {
            await terminal.ShowsAsync("# ");
            await terminal.TypeAsync("MARK=anchor\r");
            await terminal.TypeAsync("\x10\x11");
            await terminal.ExitCodeAsync();
        }

        Assert.Equal("running", (string?)(await InspectAsync(name))["State"]!["Status"]);
        await using (var terminal = Terminal.Open(Client(client), $"attach {name}"))
        {
            // Without a key: its new size makes the shell draw its line anew.
            await terminal.ShowsAsync("# ");
            await terminal.TypeAsync("\x10\x11");
            Assert.Equal(1, await terminal.ExitCodeAsync());
            await terminal.ShowsAsync("read escape sequence");
        }

        await using (var terminal = Terminal.Open(Client(client), $"attach {name}"))
        {
            await terminal.TypeAsync("echo the-$MARK\r");
            await terminal.ShowsAsync("the-anchor");
            await terminal.TypeAsync("exit 4\r");
            Assert.Equal(4, await terminal.ExitCodeAsync());
        }
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Exec_opens_a_terminal_of_its_own(string client)
    {
        var name = await RunSleeperAsync();
        await using var terminal = Terminal.Open(Client(client), $"exec -it {name} sh", rows: 21, columns: 77);
        await terminal.ShowsAsync("# ");
        await terminal.TypeAsync("stty size\r");
        await terminal.ShowsAsync("21 77");
        await terminal.TypeAsync("exit 6\r");
        Assert.Equal(6, await terminal.ExitCodeAsync());
    }

    [Fact]
    public async Task Resize_reaches_the_process()
    {
        var name = NewName();
        (await Docker.RunAsync("run", "-dt", "--name", name, "busybox", "sh", "-c", "trap 'stty size' WINCH; echo ready; while :; do sleep 0.1; done")).Expect(0);
        await Eventually.HoldsAsync("the handler is set", async () => (await Docker.RunAsync($"logs {name}")).Output.Contains("ready"));
        using var resized = await Daemon.Http.PostAsync($"containers/{name}/resize?h=44&w=111", null);
        Assert.True(resized.IsSuccessStatusCode);
        await Eventually.HoldsAsync("the new size is seen", async () => (await Docker.RunAsync($"logs {name}")).Output.Contains("44 111"));
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Other_detach_keys_take_the_place_of_the_default_ones(string client)
    {
        var name = NewName();
        await using (var terminal = Terminal.Open(Client(client), $"run -it --detach-keys ctrl-x,a --name {name} busybox sh -c 'stty -echo -ixon -iexten; echo ready; cat'"))
        {
            await terminal.ShowsAsync("ready");
            await terminal.TypeAsync("\x10\x11one\r");
            await terminal.ShowsAsync("\x10\x11one\r\n");
            await terminal.TypeAsync("\u0018b\r");
            await terminal.ShowsAsync("\u0018b\r\n");
            await terminal.TypeAsync("\u0018a");
            await terminal.ExitCodeAsync();
        }

        await using (var terminal = Terminal.Open(Client(client), $"exec -it --detach-keys ctrl-x,a {name} sleep 4321"))
        {
            await Eventually.HoldsAsync("it runs", async () => (await Docker.RunAsync($"exec {name} ps")).Output.Contains("sleep 4321", StringComparison.Ordinal));
            await terminal.TypeAsync("\u0018a");
            await terminal.ExitCodeAsync();
        }

        Assert.Contains("sleep 4321", (await Docker.RunAsync($"exec {name} ps")).Expect(0).Output, StringComparison.Ordinal);
        using var refused = await Daemon.Http.PostAsync($"containers/{name}/attach?stream=1&detachKeys=ctrl-1", null);
        Assert.Equal(400, (int)refused.StatusCode);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Attach_without_stdin_shows_and_takes_nothing(string client)
    {
        var name = NewName();
        (await Docker.ScriptAsync($"run -di --name {name} busybox", "read x; echo got $x")).Expect(0);
        var attached = Client(client).InputAsync($"attach --no-stdin {name}", "not this\n"u8.ToArray());
        await Eventually.HoldsAsync("it is attached", async () =>
            (await Daemon.Http.GetStringAsync($"events?since=0&until={TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 1}&filters={Uri.EscapeDataString($$"""{"container":["{{name}}"],"event":["attach"]}""")}")).Length > 0);
        (await Docker.InputAsync($"attach {name}", "this\n"u8.ToArray())).Expect(0);
        Assert.Equal("got this\n", (await attached).Expect(0).Output);
    }

    [Fact]
    public async Task A_websocket_carries_what_is_typed_and_printed()
    {
        var name = NewName();
        (await Docker.ScriptAsync($"run -di --name {name} busybox", "echo ready; read x; echo got $x; echo problem >&2")).Expect(0);
        using var invoker = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(Daemon.Socket), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var client = new ClientWebSocket();
        using var limit = new CancellationTokenSource(Shell.Limit);
        await Eventually.HoldsAsync("it is ready", async () => (await Docker.RunAsync($"logs {name}")).Line == "ready");
        await client.ConnectAsync(
            new Uri($"ws://berth/v1.43/containers/{name}/attach/ws?stream=1&logs=1&stdin=1&stdout=1&stderr=1"), new HttpMessageInvoker(invoker), limit.Token);
        await client.SendAsync("some"u8.ToArray(), WebSocketMessageType.Binary, endOfMessage: false, limit.Token);
        await client.SendAsync("thing\n"u8.ToArray(), WebSocketMessageType.Binary, endOfMessage: true, limit.Token);
        var received = new StringBuilder();
        var buffer = new byte[4096];
        while (await client.ReceiveAsync(buffer, limit.Token) is { MessageType: WebSocketMessageType.Binary } message)
        {
            received.Append(Encoding.UTF8.GetString(buffer, 0, message.Count));
        }

        Assert.Contains("ready\n", received.ToString(), StringComparison.Ordinal);
        Assert.Contains("got something\n", received.ToString(), StringComparison.Ordinal);
        Assert.Contains("problem\n", received.ToString(), StringComparison.Ordinal);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, client.CloseStatus);
        using var plain = await Daemon.Http.GetAsync($"containers/{name}/attach/ws?stream=1");
        Assert.Equal(400, (int)plain.StatusCode);
    }
}
