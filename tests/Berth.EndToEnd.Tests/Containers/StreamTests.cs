using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Containers;

/// <summary>The streams of attach, exec and logs as they are on the wire, for clients that read them themselves.</summary>
public sealed class StreamTests(SharedDaemon shared) : EndToEndTest(shared)
{
    private const string Raw = "application/vnd.docker.raw-stream";
    private const string Multiplexed = "application/vnd.docker.multiplexed-stream";

    private EngineApi Api => new(Daemon.Http);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_attached_client_gets_a_frame_for_each_write_and_the_process_its_end_of_input(bool upgrade)
    {
        var name = NewName();
        (await Docker.ScriptAsync($"create -i --name {name} busybox", "read x; echo one; read x; echo problem >&2; cat; sleep 0.2; echo end; exit 4")).Expect(0);
        await using var call = await RawCall.SendAsync(Daemon, $"POST /containers/{name}/attach?stream=1&stdin=1&stdout=1&stderr=1", upgrade: upgrade);
        Assert.StartsWith(upgrade ? "HTTP/1.1 101 UPGRADED\r\n" : "HTTP/1.1 200 OK\r\n", call.Head, StringComparison.Ordinal);
        (await Docker.RunAsync($"start {name}")).Expect(0);
        await ConverseAsync(call);
        Assert.Equal("4", (await Docker.RunAsync($"wait {name}")).Line);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_execs_client_gets_a_frame_for_each_write_and_finds_the_exit_code_at_the_streams_end(bool upgrade)
    {
        var name = await RunSleeperAsync();
        for (var code = 3; code < 13; code++)
        {
            var exec = await CreateExecAsync(name, new JsonObject
            {
                ["AttachStdin"] = true,
                ["AttachStdout"] = true,
                ["AttachStderr"] = true,
                ["Cmd"] = new JsonArray("sh", "-c", $"read x; echo one; read x; echo problem >&2; cat; echo end; exit {code}"),
            });
            await using var call = await RawCall.SendAsync(Daemon, $"POST /exec/{exec}/start", "{}", upgrade);
            Assert.StartsWith(upgrade ? "HTTP/1.1 101 UPGRADED\r\n" : "HTTP/1.1 200 OK\r\n", call.Head, StringComparison.Ordinal);
            await ConverseAsync(call);
            var inspect = (await Api.GetAsync($"exec/{exec}/json")).Expect(200).Json;
            Assert.Equal((false, code), ((bool)inspect["Running"]!, (int?)inspect["ExitCode"]));
        }
    }

    [Fact]
    public async Task What_a_client_sent_before_it_went_away_reaches_the_process()
    {
        const int clients = 60;
        var name = NewName();
        (await Docker.RunAsync($"run -d -i --name {name} busybox tee /got")).Expect(0);
        for (var i = 0; i < clients; i++)
        {
            await using var call = await RawCall.SendAsync(Daemon, $"POST /containers/{name}/attach?stream=1&stdin=1&stdout=1", upgrade: true);
            await call.WriteAsync($"{i} a\n");
            await call.WriteAsync($"{i} b\n");
        }

        // They went away at their own times, each without a look at what it had been answered.
        await Eventually.HoldsAsync("all lines came", async () => (await Docker.RunAsync($"exec {name} cat /got")).Lines.Distinct().Count() == 2 * clients);
    }

    [Fact]
    public async Task A_followed_log_has_a_chunk_for_each_write_and_ends_with_the_container()
    {
        var name = NewName();
        (await Docker.RunAsync($"create -i --name {name} busybox cat")).Expect(0);
        await using var attach = await RawCall.SendAsync(Daemon, $"POST /containers/{name}/attach?stream=1&stdin=1");
        (await Docker.RunAsync($"start {name}")).Expect(0);
        await using var logs = await RawCall.SendAsync(Daemon, $"GET /containers/{name}/logs?follow=1&stdout=1&stderr=1");
        Assert.Contains("Transfer-Encoding: chunked", logs.Head, StringComparison.OrdinalIgnoreCase);
        foreach (var word in (string[])["one\n", "two\n", "three\n"])
        {
            await attach.WriteAsync(word);
            Assert.Equal($"\u0001\0\0\0\0\0\0{(char)word.Length}{word}", await logs.ReadChunkAsync());
        }

        attach.EndInput();
        Assert.Equal("", await logs.ReadChunkAsync());
    }

    [Fact]
    public async Task A_followed_log_is_whole_though_its_container_is_removed_before_it_is_read()
    {
        for (var i = 0; i < 10; i++)
        {
            var name = NewName();
            (await Api.PostAsync($"containers/create?name={name}", JsonNode.Parse("""{"Image":"busybox","Cmd":["echo","hello"]}"""))).Expect(201);
            (await Api.PostAsync($"containers/{name}/start")).Expect(204);
            await using var logs = await RawCall.SendAsync(Daemon, $"GET /containers/{name}/logs?follow=1&stdout=1");
            (await Api.PostAsync($"containers/{name}/wait")).Expect(200);
            (await Api.DeleteAsync($"containers/{name}")).Expect(204);
            Assert.Equal("\u0001\0\0\0\0\0\0\u0006hello\n", await logs.ReadChunkAsync());
            Assert.Equal("", await logs.ReadChunkAsync());
        }
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task An_exec_is_framed_as_its_start_asks_and_not_its_create(bool create, bool start)
    {
        var name = await RunSleeperAsync();
        var exec = await CreateExecAsync(name, new JsonObject
        {
            ["AttachStdout"] = true,
            ["AttachStderr"] = true,
            ["Tty"] = create,
            ["Cmd"] = new JsonArray("sh", "-c", "test -t 1 && echo terminal || echo none"),
        });
        await using var call = await RawCall.SendAsync(Daemon, $"POST /v1.41/exec/{exec}/start", $$"""{"Tty":{{(start ? "true" : "false")}}}""");
        var text = create ? "terminal\r\n" : "none\n";
        Assert.Equal(start ? text : $"\u0001\0\0\0\0\0\0{(char)text.Length}{text}", await call.ReadToEndAsync());
    }

    [Fact]
    public async Task An_exec_of_a_missing_program_has_a_stream_and_an_exit_code()
    {
        var name = await RunSleeperAsync();
        var exec = await CreateExecAsync(name, new JsonObject { ["AttachStdout"] = true, ["Cmd"] = new JsonArray("nosuch") });
        await using var call = await RawCall.SendAsync(Daemon, $"POST /exec/{exec}/start", "{}", upgrade: true);
        Assert.StartsWith("HTTP/1.1 101 UPGRADED\r\n", call.Head, StringComparison.Ordinal);
        Assert.Contains("executable file not found", await call.ReadFrameAsync(), StringComparison.Ordinal);
        Assert.Null(await call.ReadFrameAsync());
        var inspect = (await Api.GetAsync($"exec/{exec}/json")).Expect(200).Json;
        Assert.Equal((false, Daemon.IsDockerd ? 126 : 127), ((bool)inspect["Running"]!, (int?)inspect["ExitCode"]));
        if (!Daemon.IsDockerd)
        {
            // There it is told in a stream.
            (await Api.PostAsync($"exec/{exec}/start", new JsonObject())).Expect(409);
        }
    }

    [Theory]
    [InlineData("v1.41", false, Raw)]
    [InlineData("v1.41", true, Raw)]
    [InlineData("v1.42", false, Multiplexed)]
    [InlineData("v1.42", true, Raw)]
    public async Task The_content_type_tells_frames_from_a_terminals_bytes(string version, bool tty, string type)
    {
        Assert.SkipWhen(Daemon.IsDockerd && version != "v1.41", "20.10 speaks 1.41");
        var name = await RunSleeperAsync(tty ? "-t" : "");
        var exec = await CreateExecAsync(name, new JsonObject { ["AttachStdout"] = true, ["Tty"] = tty, ["Cmd"] = new JsonArray("true") });
        foreach (var upgrade in (bool[])[true, false])
        {
            await using var attach = await RawCall.SendAsync(Daemon, $"POST /{version}/containers/{name}/attach?stream=1&stdout=1", upgrade: upgrade);
            Assert.Contains($"Content-Type: {type}\r\n", attach.Head, StringComparison.Ordinal);
        }

        await using var start = await RawCall.SendAsync(Daemon, $"POST /{version}/exec/{exec}/start", $$"""{"Tty":{{(tty ? "true" : "false")}}}""");
        Assert.Contains($"Content-Type: {type}\r\n", start.Head, StringComparison.Ordinal);
        if (!Daemon.IsDockerd)
        {
            // 20.10 leaves it to the client to guess.
            await using var logs = await RawCall.SendAsync(Daemon, $"GET /{version}/containers/{name}/logs?stdout=1");
            Assert.Contains($"Content-Type: {type}\r\n", logs.Head, StringComparison.Ordinal);
        }
    }

    private async Task<string> CreateExecAsync(string container, JsonObject exec) =>
        (string)(await Api.PostAsync($"containers/{container}/exec", exec)).Expect(201).Json["Id"]!;

    /// <summary>Of a program that answers two lines, copies its input and says when that has ended: each of its writes is a frame.</summary>
    private static async Task ConverseAsync(RawCall call)
    {
        await call.WriteAsync("\n");
        Assert.Equal("oone\n", await call.ReadFrameAsync());
        await call.WriteAsync("\n");
        Assert.Equal("eproblem\n", await call.ReadFrameAsync());
        await call.WriteAsync("word");
        Assert.Equal("oword", await call.ReadFrameAsync());
        call.EndInput();
        Assert.Equal("oend\n", await call.ReadFrameAsync());
        Assert.Null(await call.ReadFrameAsync());
    }
}
