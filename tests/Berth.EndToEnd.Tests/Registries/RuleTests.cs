using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Registries;

/// <summary>Mirrors, rewrites and blocks of the daemon's configuration.</summary>
public sealed class RuleTests : IAsyncLifetime
{
    private Registry? _registry;
    private FaultProxy? _proxy;
    private Daemon? _daemon;

    private Client Docker => _daemon!.Docker;

    private FaultProxy Proxy => _proxy!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the end-to-end tests need root");
        Assert.SkipWhen(Daemon.IsDockerd, "beyond Docker");
        _registry = await Registry.StartAsync();
        _proxy = new FaultProxy(_registry.Port);
        using var archive = await ImageArchives.DockerArchiveAsync("seed:v1");
        await _registry.SeedAsync(archive, "library/app:v1");
        await _registry.SeedAsync(archive, "copies/team/app:v1");
        _daemon = await Daemon.StartAsync(
            "--registry-mirror", $"http://{_proxy.Host}/",
            "--registry", $$"""near.invalid={"mirrors":["127.0.0.1:1","{{_proxy.Host}}/copies"]}""",
            "--registry", $$"""old.invalid/team={"rewrite":"{{_proxy.Host}}/copies/team"}""",
            "--registry", """old.invalid/team/secret={"blocked":true}""");
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }

        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        if (_registry is not null)
        {
            await _registry.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("app:v1", "/v2/library/app/")]
    [InlineData("near.invalid/team/app:v1", "/v2/copies/team/app/")]
    [InlineData("old.invalid/team/app:v1", "/v2/copies/team/app/")]
    public async Task An_image_comes_from_elsewhere_under_its_own_name(string name, string path)
    {
        (await Docker.RunAsync($"pull {name}")).Expect(0);
        Assert.Contains(Proxy.Downloads, d => d.Contains(path, StringComparison.Ordinal));
        Assert.Equal("from the archive", (await Docker.RunAsync($"run --rm {name}")).Expect(0).Line);
        Assert.StartsWith(name.Split(':')[0] + "@sha256:", (await Docker.RunAsync("inspect", "-f", "{{index .RepoDigests 0}}", name)).Line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_for_the_name_are_not_for_the_mirror()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "images/create?fromImage=old.invalid/team/app&tag=v1");
        request.Headers.Add("X-Registry-Auth", Convert.ToBase64String("""{"username":"harbour","password":"secret"}"""u8));
        Proxy.Decide = _ => Fault.Status("401 Unauthorized", "WWW-Authenticate: Basic realm=\"test\"\r\n");
        using var answer = await _daemon!.Http.SendAsync(request);
        Assert.False(answer.IsSuccessStatusCode);
        Assert.NotEmpty(Proxy.Requests);
        Assert.All(Proxy.Requests, head => Assert.DoesNotContain("Authorization", head, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task What_is_blocked_is_not_asked_for()
    {
        var pull = (await Docker.RunAsync("pull old.invalid/team/secret/app:v1")).Expect(1);
        Assert.Contains("is blocked by the daemon's configuration", pull.Error, StringComparison.Ordinal);
        Assert.Empty(Proxy.Requests);
        (await Docker.RunAsync("tag busybox old.invalid/team/secret/app:v1")).Expect(0);
        Assert.Contains("is blocked", (await Docker.RunAsync("push old.invalid/team/secret/app:v1")).Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Searches_go_to_the_registrys_index()
    {
        Proxy.Decide = head => head.StartsWith("GET /v1/search?q=box&n=", StringComparison.Ordinal)
            ? Fault.Document(
                "application/json",
                """{"results":[{"name":"small","description":"a small box","star_count":3},null,{"name":"busybox","description":"official","star_count":9,"is_official":true}]}""")
            : Fault.Status("404 Not Found");
        foreach (var client in new[] { Docker, _daemon!.Berth })
        {
            var all = (await client.RunAsync("search", "--format", "{{.Name}} {{.StarCount}} {{.IsOfficial}}", $"{Proxy.Host}/box")).Expect(0);
            Assert.Equal(["small 3", "busybox 9 [OK]"], all.Lines.Select(l => l.TrimEnd()));
            var official = (await client.RunAsync("search", "--filter", "is-official=true", "--format", "{{.Name}}", $"{Proxy.Host}/box")).Expect(0);
            Assert.Equal("busybox", official.Line);
            Assert.Matches(@"(?m)^NAME +DESCRIPTION +STARS +OFFICIAL$", (await client.RunAsync($"search {Proxy.Host}/box")).Expect(0).Output);
            (await client.RunAsync($"search --limit 101 {Proxy.Host}/box")).Expect(1);
        }

        Assert.Contains("offers no search", (await Docker.RunAsync($"search {Proxy.Host}/none")).Expect(1).Error, StringComparison.Ordinal);
    }
}
