using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Faults;

/// <summary>A frozen container or a client that never reads holds up nobody but itself.</summary>
public sealed class SlowPartnersTests(SharedDaemon shared) : EndToEndTest(shared)
{
    private EngineApi Api => new(Daemon.Http);

    [Fact]
    public async Task Every_call_over_a_frozen_container_is_answered()
    {
        var name = NewName();
        (await Docker.RunAsync("run", "-d", "--name", name, "busybox", "sh", "-c", "trap 'exit 5' TERM; echo up; while :; do sleep 0.05; done")).Expect(0);
        await Eventually.HoldsAsync("it is up", async () => (await Docker.RunAsync($"logs {name}")).Line == "up");
        (await Api.PostAsync($"containers/{name}/pause")).Expect(204);
        (await Api.PostAsync($"containers/{name}/pause")).Expect(409);
        Assert.Contains("is paused", (await Api.PostAsync($"containers/{name}/exec", new JsonObject { ["Cmd"] = new JsonArray("true") })).Expect(409).Text, StringComparison.Ordinal);
        (await Api.GetAsync($"containers/{name}/top")).Expect(200);
        (await Api.GetAsync($"containers/{name}/stats?stream=false")).Expect(200);
        (await Api.GetAsync($"containers/{name}/logs?stdout=1")).Expect(200);
        (await Api.GetAsync($"containers/{name}/changes")).Expect(200);
        (await Api.GetAsync($"containers/{name}/archive?path=/etc/passwd")).Expect(200);
        (await Api.PostAsync($"containers/{name}/update", new JsonObject { ["PidsLimit"] = 100 })).Expect(200);
        var renamed = NewName();
        (await Api.PostAsync($"containers/{name}/rename?name={renamed}")).Expect(204);
        var id = (string)(await Api.GetAsync($"containers/{renamed}/json")).Expect(200).Json["Id"]!;
        (await Api.PostAsync($"containers/{id}/start")).Expect(409);
        (await Api.DeleteAsync($"containers/{id}")).Expect(409);
        var image = (string)(await Api.PostAsync($"commit?container={id}")).Expect(201).Json["Id"]!;
        (await Api.DeleteAsync($"images/{image}")).Expect(200);
        (await Api.PostAsync($"containers/{id}/restart?t=30")).Expect(204);
        Assert.Equal("running", (string)(await Api.GetAsync($"containers/{id}/json")).Json["State"]!["Status"]!);

        (await Api.PostAsync($"containers/{id}/pause")).Expect(204);
        (await Api.PostAsync($"containers/{id}/kill")).Expect(204);
        Assert.Equal(137, (int)(await Api.GetAsync($"containers/{id}/json")).Json["State"]!["ExitCode"]!);
        (await Api.PostAsync($"containers/{id}/start")).Expect(204);
        (await Api.PostAsync($"containers/{id}/pause")).Expect(204);
        (await Api.DeleteAsync($"containers/{id}?force=1")).Expect(204);
    }

    [Theory]
    [InlineData("GET", "containers/{0}/logs?stdout=1&follow=1")]
    [InlineData("POST", "containers/{0}/attach?stream=1&stdout=1")]
    [InlineData("GET", "containers/{0}/stats")]
    [InlineData("GET", "containers/{0}/export")]
    [InlineData("GET", "events")]
    [InlineData("GET", "containers/{0}/archive?path=/")]
    public async Task A_client_that_never_reads_holds_nobody_up(string method, string path)
    {
        Assert.SkipWhen(Daemon.IsDockerd, "dockerd buffers");
        var name = NewName();
        (await Docker.RunAsync("run", "-d", "--name", name, "busybox", "sh", "-c", "dd if=/dev/zero of=/big bs=1M count=4 2>/dev/null; while :; do head -c 4096 /dev/zero | tr '\\0' x; echo; sleep 0.001; done")).Expect(0);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Daemon.Socket));
        await socket.SendAsync(Encoding.ASCII.GetBytes($"{method} /{string.Format(System.Globalization.CultureInfo.InvariantCulture, path, name)} HTTP/1.1\r\nHost: x\r\n\r\n"));
        await Eventually.HoldsAsync("the answer has begun", () => socket.Available > 0);
        (await Api.GetAsync($"containers/{name}/json")).Expect(200);
        (await Api.PostAsync($"containers/{name}/exec", new JsonObject { ["Cmd"] = new JsonArray("true") })).Expect(201);
        (await Api.PostAsync($"containers/{name}/stop?t=0")).Expect(204);
        (await Api.PostAsync($"containers/{name}/start")).Expect(204);
        (await Api.DeleteAsync($"containers/{name}?force=1")).Expect(204);
        (await Api.GetAsync($"containers/{name}/json")).Expect(404);
    }

    [Fact]
    public async Task A_client_that_sends_a_whole_archive_before_it_reads_of_the_layers_is_served()
    {
        // More is told of them than the socket's buffers hold.
        var archive = new HostileArchive();
        var diffId = "";
        for (var i = 0; i < 2000; i++)
        {
            var layer = new HostileArchive().File($"file{i}", "x").ToArray();
            diffId = HostileArchive.Hex(layer);
            archive.Entry('0', $"{diffId}.tar", layer);
        }

        var body = archive.File("config.json", $$"""{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["sha256:{{diffId}}"]} }""")
            .File("manifest.json", $$"""[{"Config":"config.json","RepoTags":["talkative:v1"],"Layers":["{{diffId}}.tar"]}]""").ToArray();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Daemon.Socket));
        await using var connection = new NetworkStream(socket);
        using var limit = new CancellationTokenSource(EngineApi.Limit);
        await connection.WriteAsync(Encoding.ASCII.GetBytes($"POST /images/load?quiet=0 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n"), limit.Token);
        await connection.WriteAsync(body, limit.Token);
        var answer = await new StreamReader(connection).ReadToEndAsync(limit.Token);
        Assert.Contains("Loading layer", answer, StringComparison.Ordinal);
        Assert.Contains("Loaded image: talkative:v1", answer, StringComparison.Ordinal);
        (await Api.DeleteAsync("images/talkative:v1")).Expect(200);
    }
}
