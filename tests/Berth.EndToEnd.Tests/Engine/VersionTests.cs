using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Engine;

public sealed class VersionTests(SharedDaemon shared) : EndToEndTest(shared)
{
    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Version_and_info_answer(string client)
    {
        Assert.Contains("Server:", (await Client(client).RunAsync("version")).Expect(0).Output);
        Assert.Contains("Storage Driver: overlay2", (await Client(client).RunAsync("info")).Expect(0).Output);
        Assert.NotEmpty((await Client(client).RunAsync("version --format {{.Server.Version}}")).Expect(0).Line);
    }

    [Fact]
    public async Task The_versions_are_those_that_clients_negotiate_with()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "another engine, another version");
        var version = JsonNode.Parse(await Daemon.Http.GetStringAsync("version"))!;
        Assert.Equal("1.51", (string?)version["ApiVersion"]);
        Assert.Equal("1.24", (string?)version["MinAPIVersion"]);
        using var ping = await Daemon.Http.GetAsync("_ping");
        Assert.Equal("1.51", ping.Headers.GetValues("Api-Version").Single());
        Assert.Equal("OK", await ping.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task A_ping_tells_a_client_all_it_negotiates_with(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "_ping");
        using var ping = await Daemon.Http.SendAsync(request);
        Assert.Equal(200, (int)ping.StatusCode);
        Assert.Equal(method == "GET" ? "OK" : "", await ping.Content.ReadAsStringAsync());
        Assert.StartsWith("text/plain", ping.Content.Headers.ContentType?.ToString(), StringComparison.Ordinal);
        Assert.Matches(@"^1\.\d\d$", ping.Headers.GetValues("Api-Version").Single());
        Assert.Equal("linux", ping.Headers.GetValues("OSType").Single());
        Assert.Equal("false", ping.Headers.GetValues("Docker-Experimental").Single());
        if (!Daemon.IsDockerd)
        {
            // 20.10 has no builder to name here, and no such thing as the other header.
            Assert.Equal("1", ping.Headers.GetValues("Builder-Version").Single());
            Assert.Equal("inactive", ping.Headers.GetValues("Swarm").Single());
        }
    }

    [Theory]
    [InlineData("GET", "swarm", "This node is not a swarm manager.")]
    [InlineData("GET", "nodes", "This node is not a swarm manager.")]
    [InlineData("GET", "nodes/x", "This node is not a swarm manager.")]
    [InlineData("GET", "services", "This node is not a swarm manager.")]
    [InlineData("POST", "services/create", "This node is not a swarm manager.")]
    [InlineData("DELETE", "services/x", "This node is not a swarm manager.")]
    [InlineData("GET", "tasks", "This node is not a swarm manager.")]
    [InlineData("GET", "secrets", "This node is not a swarm manager.")]
    [InlineData("GET", "v1.35/configs", "This node is not a swarm manager.")]
    [InlineData("POST", "swarm/update?version=1", "This node is not a swarm manager.")]
    [InlineData("POST", "swarm/leave", "This node is not part of a swarm")]
    public async Task Without_a_swarm_everything_of_it_is_unavailable_in_dockers_words(string method, string path, string message)
    {
        var (status, said) = await SendAsync(method, path);
        Assert.Equal(503, status);
        Assert.StartsWith(message, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "containers/any/checkpoints", 501, "This experimental feature is disabled by default.")]
    [InlineData("POST", "containers/any/checkpoints", 501, "This experimental feature is disabled by default.")]
    [InlineData("DELETE", "v1.41/containers/any/checkpoints/x", 501, "This experimental feature is disabled by default.")]
    [InlineData("POST", "containers/any/start?checkpoint=x", 400, "checkpoint is only supported in experimental mode")]
    public async Task Without_experiments_checkpoints_are_refused_in_dockers_words(string method, string path, int status, string message)
    {
        var (answered, said) = await SendAsync(method, path);
        Assert.Equal(status, answered);
        Assert.StartsWith(message, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Info_counts_each_image_once_and_knows_no_swarm()
    {
        await using var daemon = await Daemon.StartAsync();
        foreach (var tag in (string[])["a", "b"])
        {
            (await daemon.Docker.RunAsync($"tag busybox other:{tag}")).Expect(0);
        }

        (await daemon.Docker.RunAsync("import", await Busybox.TarAsync(), "second")).Expect(0);
        (await daemon.Docker.RunAsync("tag busybox second")).Expect(0);
        var info = JsonNode.Parse(await daemon.Http.GetStringAsync("info"))!;
        Assert.Equal(2, (int)info["Images"]!);
        Assert.Equal("inactive", (string?)info["Swarm"]!["LocalNodeState"]);
        var ids = JsonNode.Parse(await daemon.Http.GetStringAsync("images/json?all=1"))!.AsArray().Select(i => (string)i!["Id"]!);
        Assert.Equal(2, ids.Distinct().Count());
    }

    [Theory]
    [InlineData("v1.23/info", 400, "client version 1.23 is too old")]
    [InlineData("v1.99/info", 400, "client version 1.99 is too new")]
    [InlineData("v1.24/info", 200, "")]
    [InlineData("info", 200, "")]
    [InlineData("nosuch", 404, "page not found")]
    [InlineData("v1.41/containers/nosuch/json", 404, "No such container: nosuch")]
    [InlineData("v1.41/images/nosuch/json", 404, "No such image: nosuch")]
    public async Task Each_path_answers_with_its_status_and_message(string path, int status, string message)
    {
        Assert.SkipWhen(Daemon.IsDockerd && path.StartsWith("v1.2", StringComparison.Ordinal), "20.10 accepts 1.12 and up");
        using var answer = await Daemon.Http.GetAsync(path);
        Assert.Equal(status, (int)answer.StatusCode);
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Contains(message, (string?)body["message"] ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", 400)]
    [InlineData("[]", 400)]
    [InlineData("{\"Image\": 5}", 400)]
    [InlineData("{\"Image\":\"busybox\",\"HostConfig\":{\"Memory\":1}}", 400)]
    [InlineData("{\"Image\":\"nosuch\",\"Cmd\":[\"true\"]}", 404)]
    public async Task A_bad_create_is_the_clients_error(string body, int status)
    {
        Assert.SkipWhen(Daemon.IsDockerd, "20.10 answers some of these with 500");
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await Daemon.Http.PostAsync("containers/create", content);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.NotEmpty((string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["message"] ?? "");
    }

    private async Task<(int Status, string Message)> SendAsync(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = method == "POST" ? new StringContent("{}", System.Text.Encoding.UTF8, "application/json") : null;
        using var answer = await Daemon.Http.SendAsync(request);
        return ((int)answer.StatusCode, (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["message"] ?? "");
    }
}
