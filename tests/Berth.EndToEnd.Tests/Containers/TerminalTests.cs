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
}
