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
}
