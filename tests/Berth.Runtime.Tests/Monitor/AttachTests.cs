using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Berth.Monitor;
using static Berth.Runtime.Tests.Monitor.MonitoredBundle;

namespace Berth.Runtime.Tests.Monitor;

public sealed class AttachTests
{
    private static readonly AttachRequest _output = new() { Stdout = true, Stderr = true };
    private static readonly AttachRequest _all = new() { Stdin = true, Stdout = true, Stderr = true };

    [Fact]
    public async Task A_stream_attached_before_the_start_misses_no_byte()
    {
        await using var bundle = new MonitoredBundle("echo first; echo second >&2; exit 4");
        using var monitor = await bundle.CreateAsync();
        using var stream = await monitor.AttachAsync(_output, Cancellation);
        await monitor.StartAsync(Cancellation);
        Assert.Equal(("first\n", "second\n"), await ReadAllAsync(stream));
        Assert.Equal(4, (await ExitOf(monitor)).ExitCode);
    }

    /// <remarks>The daemon was lost while its attach was accepted but not yet read: nobody is left who could start the container.</remarks>
    [Fact]
    public async Task A_connection_that_becomes_a_stream_after_the_daemons_was_lost_does_not_keep_the_monitor()
    {
        await using var bundle = new MonitoredBundle("true");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var daemon = await bundle.CreateAsync();
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(bundle.Plan.StateDirectory, "monitor.sock")), Cancellation);
        await using var stream = new NetworkStream(socket);
        await DescribeAsync(stream);
        daemon.Dispose();
        await DescribeAsync(stream);
        await stream.WriteAsync(MessageFrame.Of(new MonitorRequest { Action = MonitorAction.Attach, Attach = _output }), Cancellation);
        await RunTests.Eventually(() => bundle.Remains().Count == 0);
    }

    private static async Task DescribeAsync(Stream stream)
    {
        await stream.WriteAsync(MessageFrame.Of(new MonitorRequest { Action = MonitorAction.Describe }), Cancellation);
        var header = new byte[FrameHeader.Size];
        await stream.ReadExactlyAsync(header, Cancellation);
        Assert.True(FrameHeader.TryRead(header, out var frame));
        await stream.ReadExactlyAsync(new byte[frame.Length], Cancellation);
    }

    [Fact]
    public async Task Several_streams_get_the_output_each_asked_for()
    {
        await using var bundle = new MonitoredBundle("echo out; echo err >&2");
        using var monitor = await bundle.CreateAsync();
        using var both = await monitor.AttachAsync(_output, Cancellation);
        using var errors = await monitor.AttachAsync(new AttachRequest { Stderr = true }, Cancellation);
        await monitor.StartAsync(Cancellation);
        Assert.Equal(("out\n", "err\n"), await ReadAllAsync(both));
        Assert.Equal(("", "err\n"), await ReadAllAsync(errors));
    }

    [Fact]
    public async Task Input_reaches_the_process_and_its_end_ends_it()
    {
        await using var bundle = new MonitoredBundle("cat; echo end", openStdin: true, stdinOnce: true);
        using var monitor = await bundle.CreateAsync();
        using var stream = await monitor.AttachAsync(_all, Cancellation);
        await monitor.StartAsync(Cancellation);
        await stream.WriteStdinAsync("hello\n"u8.ToArray(), Cancellation);
        Assert.Equal("hello\n", await ReadUntilAsync(stream, "hello\n"));
        await stream.CloseStdinAsync(Cancellation);
        Assert.Equal("end\n", (await ReadAllAsync(stream)).Stdout);
    }

    [Fact]
    public async Task Without_StdinOnce_the_next_client_goes_on_writing()
    {
        await using var bundle = new MonitoredBundle("cat", openStdin: true);
        using var monitor = await bundle.StartAsync();
        using (var first = await monitor.AttachAsync(_all, Cancellation))
        {
            await first.WriteStdinAsync("one\n"u8.ToArray(), Cancellation);
            await ReadUntilAsync(first, "one\n");
            await first.CloseStdinAsync(Cancellation);
        }

        using var second = await monitor.AttachAsync(_all, Cancellation);
        await second.WriteStdinAsync("two\n"u8.ToArray(), Cancellation);
        Assert.Equal("two\n", await ReadUntilAsync(second, "two\n"));
        await monitor.SignalAsync(9, cancellationToken: Cancellation);
        await ExitOf(monitor);
    }

    [Fact]
    public async Task With_StdinOnce_a_client_that_vanishes_ends_the_input()
    {
        await using var bundle = new MonitoredBundle("cat; exit 6", openStdin: true, stdinOnce: true);
        using var monitor = await bundle.CreateAsync();
        var stream = await monitor.AttachAsync(_all, Cancellation);
        await monitor.StartAsync(Cancellation);
        stream.Dispose();
        Assert.Equal(6, (await ExitOf(monitor)).ExitCode);
    }

    [Fact]
    public async Task A_hundred_megabytes_go_through_stdin_and_back_byte_for_byte()
    {
        const int Total = 100 * 1024 * 1024;
        await using var bundle = new MonitoredBundle("cat", openStdin: true, stdinOnce: true, log: false);
        using var monitor = await bundle.CreateAsync();
        using var stream = await monitor.AttachAsync(_all, Cancellation);
        await monitor.StartAsync(Cancellation);
        using var sent = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var writing = Task.Run(async () =>
        {
            var random = new Random(7);
            var block = new byte[1024 * 1024];
            for (var i = 0; i < Total / block.Length; i++)
            {
                random.NextBytes(block);
                sent.AppendData(block);
                await stream.WriteStdinAsync(block, Cancellation);
            }

            await stream.CloseStdinAsync(Cancellation);
        }, Cancellation);
        using var received = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long length = 0;
        long most = 0;
        var monitorPid = Processes.ParentOf(monitor.Pid);
        while (await stream.ReadAsync(Cancellation) is { } frame)
        {
            received.AppendData(frame.Payload.Span);
            length += frame.Payload.Length;
            if (length % 100 == 0)
            {
                most = Math.Max(most, Processes.ResidentBytes(monitorPid));
            }
        }

        await writing;
        Assert.Equal(Total, length);
        Assert.Equal(sent.GetHashAndReset(), received.GetHashAndReset());
        Assert.InRange(most, 0, 16 * 1024 * 1024);
        Assert.Equal(0, (await ExitOf(monitor)).ExitCode);
    }

    [Fact]
    public async Task A_stream_that_is_not_read_holds_the_process_back_and_loses_nothing()
    {
        await using var bundle = new MonitoredBundle("head -c 3000000 /dev/zero; echo done >&2", log: false);
        using var monitor = await bundle.CreateAsync();
        using var slow = await monitor.AttachAsync(_output, Cancellation);
        using var errors = await monitor.AttachAsync(new AttachRequest { Stderr = true }, Cancellation);
        await monitor.StartAsync(Cancellation);
        var done = errors.ReadAsync(Cancellation).AsTask();
        Assert.NotEqual(done, await Task.WhenAny(done, Task.Delay(300, Cancellation)));
        var (stdout, stderr) = await ReadAllAsync(slow);
        Assert.Equal((3_000_000, "done\n"), (stdout.Length, stderr));
        Assert.NotNull(await done);
    }

    [Fact]
    public async Task A_lost_stream_does_not_hold_the_process_back()
    {
        await using var bundle = new MonitoredBundle("head -c 3000000 /dev/zero; echo done >&2");
        using var monitor = await bundle.CreateAsync();
        var lost = await monitor.AttachAsync(_output, Cancellation);
        await monitor.StartAsync(Cancellation);
        await Task.Delay(50, Cancellation);
        lost.Dispose();
        Assert.Equal(0, (await ExitOf(monitor)).ExitCode);
        Assert.Contains("done", bundle.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_exit_is_told_while_a_stream_still_has_output_to_take()
    {
        await using var bundle = new MonitoredBundle("head -c 200000 /dev/zero; exit 2");
        using var monitor = await bundle.CreateAsync();
        using var slow = await monitor.AttachAsync(_output, Cancellation);
        await monitor.StartAsync(Cancellation);
        Assert.Equal(2, (await ExitOf(monitor)).ExitCode);
        Assert.Equal(200_000, (await ReadAllAsync(slow)).Stdout.Length);
    }

    [Fact]
    public async Task A_terminal_echoes_has_its_size_and_passes_on_Ctrl_C()
    {
        await using var bundle = new MonitoredBundle("trap 'echo interrupted; exit 8' INT; stty size; while true; do sleep 0.05; done", terminal: true, openStdin: true);
        bundle.Plan = bundle.Plan with { Size = new TerminalSize(30, 90) };
        using var monitor = await bundle.CreateAsync();
        using var stream = await monitor.AttachAsync(_all, Cancellation);
        await monitor.StartAsync(Cancellation);
        Assert.Equal("30 90\r\n", await ReadUntilAsync(stream, "\n"));
        await monitor.ResizeAsync(new TerminalSize(40, 100), cancellationToken: Cancellation);
        await stream.WriteStdinAsync(new byte[] { 3 }, Cancellation);
        Assert.Contains("interrupted\r\n", await ReadUntilAsync(stream, "interrupted\r\n"), StringComparison.Ordinal);
        Assert.Equal(8, (await ExitOf(monitor)).ExitCode);
        Assert.Contains("""{"log":"30 90\r\n","stream":"stdout",""", bundle.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forty_megabytes_of_lines_are_logged_and_streamed_complete()
    {
        await using var bundle = new MonitoredBundle("yes 0123456789012345678901234567890123456789012345678901234567890123456789012345678 | head -c 40000000");
        using var monitor = await bundle.CreateAsync();
        using var stream = await monitor.AttachAsync(_output, Cancellation);
        await monitor.StartAsync(Cancellation);
        long length = 0;
        while (await stream.ReadAsync(Cancellation) is { } frame)
        {
            length += frame.Payload.Length;
        }

        await ExitOf(monitor);
        Assert.Equal(40_000_000, length);
        Assert.Equal(500_000, File.ReadLines(bundle.LogPath).Count());
        Assert.All(File.ReadLines(bundle.LogPath).Take(1000), l => Assert.StartsWith(
            "{\"log\":\"" + string.Concat(Enumerable.Repeat("0123456789", 8))[..79] + "\\n\",\"stream\":\"stdout\",\"time\":\"", l, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Several_hundred_kilobytes_in_one_line_are_one_line_again()
    {
        await using var bundle = new MonitoredBundle("head -c 300000 /dev/zero | tr '\\0' x; echo");
        using var monitor = await bundle.StartAsync();
        await ExitOf(monitor);
        var text = string.Concat(File.ReadLines(bundle.LogPath).Select(l => System.Text.Json.JsonDocument.Parse(l).RootElement.GetProperty("log").GetString()));
        Assert.Equal(new string('x', 300_000) + "\n", text);
        Assert.Equal(19, File.ReadLines(bundle.LogPath).Count());
        Assert.Equal(300_001, Encoding.UTF8.GetByteCount(text));
    }
}
