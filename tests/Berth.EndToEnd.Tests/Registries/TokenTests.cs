using System.Net;
using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Registries;

/// <summary>A registry that sends its clients to a token server.</summary>
public sealed class TokenTests(SharedDaemon shared) : EndToEndTest(shared)
{
    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Everyone_pulls_and_who_is_known_pushes(string name)
    {
        using var authority = new TestAuthority(Daemon.Address);
        await using var tokens = new TokenServer(authority);
        await using var registry = await Registry.StartAsync(auth: tokens.Access);
        var config = Directory.CreateTempSubdirectory("berth-config-").FullName;
        try
        {
            var client = Client(name).With("DOCKER_CONFIG", config);
            var image = $"{registry.Host}/{name}/app:v1";
            (await client.RunAsync($"tag busybox {image}")).Expect(0);
            Assert.Contains("denied", (await client.RunAsync($"push {image}")).Expect(1).Error, StringComparison.Ordinal);
            (await client.InputAsync($"login -u {Registry.User} --password-stdin {registry.Host}", "wrong"u8.ToArray())).Expect(1);
            (await client.InputAsync($"login -u {Registry.User} --password-stdin {registry.Host}", "secret"u8.ToArray())).Expect(0);
            var kept = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(config, "config.json")))!["auths"]![registry.Host]!;
            Assert.Equal("refresh-7", (string?)kept["identitytoken"]);

            (await client.RunAsync($"push {image}")).Expect(0);
            Assert.Contains(tokens.Requests, r => r == $"refresh repository:{name}/app:pull,push" || r == $"refresh repository:{name}/app:push,pull");
            (await client.RunAsync($"logout {registry.Host}")).Expect(0);
            (await client.RunAsync($"rmi {image}")).Expect(0);
            (await client.RunAsync($"pull {image}")).Expect(0);
            Assert.Contains($"nobody repository:{name}/app:pull", tokens.Requests);
            (await client.RunAsync($"rmi {image}")).Expect(0);
        }
        finally
        {
            Directory.Delete(config, recursive: true);
        }
    }

    [Fact]
    public async Task Credentials_do_not_follow_a_redirect_to_another_host()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "dockerd keeps no blobs: it does not fetch a layer that it knows");
        await using var registry = await Registry.StartAsync();
        (await Docker.RunAsync($"tag busybox {registry.Host}/far/app:v1")).Expect(0);
        (await Docker.RunAsync($"push {registry.Host}/far/app:v1")).Expect(0);
        (await Docker.RunAsync($"rmi {registry.Host}/far/app:v1")).Expect(0);
        await using var store = new FaultProxy(registry.Port);
        await using var front = new FaultProxy(registry.Port);
        front.Decide = head => head.Contains("/blobs/", StringComparison.Ordinal)
            ? Fault.Status("307 Temporary Redirect", $"Location: http://{store.Host}{head.Split(' ')[1]}\r\n")
            : !head.Contains("Authorization: Basic", StringComparison.OrdinalIgnoreCase)
                ? Fault.Status("401 Unauthorized", "WWW-Authenticate: Basic realm=\"test\"\r\n")
                : null;
        using var request = new HttpRequestMessage(HttpMethod.Post, $"images/create?fromImage={front.Host}/far/app&tag=v1");
        request.Headers.Add("X-Registry-Auth", Convert.ToBase64String("""{"username":"harbour","password":"secret"}"""u8));
        using var answer = await Daemon.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("Downloaded newer image", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotEmpty(store.Downloads);
        Assert.All(store.Requests, head => Assert.DoesNotContain("Authorization", head, StringComparison.OrdinalIgnoreCase));
        Assert.Contains(front.Requests, head => head.Contains("Authorization: Basic", StringComparison.OrdinalIgnoreCase));
        (await Docker.RunAsync($"rmi {front.Host}/far/app:v1")).Expect(0);
    }

    [Fact]
    public async Task Credentials_of_one_registry_are_not_shown_to_another()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "dockerd trusts its client in this");
        await using var registry = await Registry.StartAsync();
        await using var front = new FaultProxy(registry.Port);
        front.Decide = _ => Fault.Status("401 Unauthorized", "WWW-Authenticate: Basic realm=\"test\"\r\n");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"images/create?fromImage={front.Host}/far/app&tag=v1");
        request.Headers.Add("X-Registry-Auth", Convert.ToBase64String("""{"username":"harbour","password":"secret","serveraddress":"other.example"}"""u8));
        using var answer = await Daemon.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.All(front.Requests, head => Assert.DoesNotContain("Authorization", head, StringComparison.OrdinalIgnoreCase));
    }
}
