using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Registries;

/// <summary>Registries and token servers that want credentials to go where they do not belong, or that never come to the point.</summary>
public sealed class HostileAuthTests : IAsyncLifetime
{
    private const string Credentials = """{"username":"harbour","password":"secret"}""";

    private Daemon? _daemon;

    private Daemon Daemon => _daemon!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the end-to-end tests need root");
        Assert.SkipWhen(Daemon.IsDockerd, "beyond Docker");
        _daemon = await Daemon.StartAsync("--registry-timeout", "2", "--max-download-attempts", "2");
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }
    }

    [Fact]
    public async Task Redirects_without_end_or_sense_are_given_up()
    {
        await using var registry = new HostileRegistry();
        foreach (var (location, expected) in new[]
        {
            ($"http://{registry.Host}/v2/hostile/app/manifests/v1", "refused to follow a redirect"),
            ("/v2/hostile/app/manifests/v1?again", "refused to follow a redirect"),
            ("file:///etc/passwd", "refused to follow a redirect to file:///etc/passwd"),
            ("http://[", "307"),
            ("", "307"),
        })
        {
            registry.Decide = head => head.Contains("/manifests/", StringComparison.Ordinal) ? RawAnswer.Status("307 Temporary Redirect", $"Location: {location}") : null;
            Assert.Contains(expected, await registry.PullAsync(Daemon), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_redirect_from_TLS_to_none_is_refused()
    {
        using var authority = new TestAuthority(Daemon.Address);
        await using var registry = new HostileRegistry(Daemon.Address, authority);
        using var trust = authority.TrustFor(registry.Host);
        await using var plain = new RawServer(_ => RawAnswer.Status("404 Not Found"));
        Assert.Equal("", await registry.PullAsync(Daemon));
        (await Daemon.Docker.RunAsync($"rmi {registry.Image}")).Expect(0);
        foreach (var part in new[] { "/manifests/", "/blobs/" })
        {
            registry.Decide = head => head.Contains(part, StringComparison.Ordinal) ? RawAnswer.Status("302 Found", $"Location: http://{plain.Host}/x") : null;
            Assert.Contains($"refused to follow a redirect to http://{plain.Host}/x", await registry.PullAsync(Daemon, credentials: Credentials), StringComparison.Ordinal);
        }

        Assert.Empty(plain.Requests);
    }

    [Fact]
    public async Task A_token_server_without_TLS_gets_no_credentials_from_a_registry_with_it()
    {
        using var authority = new TestAuthority(Daemon.Address);
        await using var registry = new HostileRegistry(Daemon.Address, authority);
        using var trust = authority.TrustFor(registry.Host);
        await using var tokens = new RawServer(_ => RawAnswer.Content("{\"token\":\"t\"}"), Daemon.Address);
        registry.Decide = head => Challenge(head, $"Bearer realm=\"http://{tokens.Host}/token\",service=\"s\"");
        Assert.Contains($"token server http://{tokens.Host} does not use TLS", await registry.PullAsync(Daemon, credentials: Credentials), StringComparison.Ordinal);
        Assert.Empty(tokens.Requests);
    }

    [Fact]
    public async Task Token_servers_that_send_no_usable_token_are_named()
    {
        await using var registry = new HostileRegistry();
        await using var tokens = new RawServer(_ => RawAnswer.Content("{}"));
        registry.Decide = head => Challenge(head, $"Bearer realm=\"http://{tokens.Host}/token\",service=\"s\"");
        foreach (var (answer, expected) in new (RawAnswer, string)[]
        {
            (RawAnswer.Content("{}"), "did not include a token"),
            (RawAnswer.Content("null"), "is not what it should be"),
            (RawAnswer.Content("{\"token\":null,\"access_token\":null}"), "did not include a token"),
            (RawAnswer.Content("{\"token\":\"a\\r\\nX-Injected: b\"}"), "did not include a token"),
            (RawAnswer.Content("{\"token\":\"t\u00f6ken\"}"), "did not include a token"),
            (RawAnswer.Content("{\"token\":\"t\",\"expires_in\":1e99}"), "is not what it should be"),
            (RawAnswer.Content("{\"token\":\"" + new string('t', 100_000) + "\"}"), "is too long"),
            (RawAnswer.Content("{\"token\":\"" + new string('t', 3 << 20) + "\"}"), "is longer than"),
            (RawAnswer.WithoutEnd("application/json", new byte[1 << 20]), "is longer than"),
            (RawAnswer.Status("307 Temporary Redirect", $"Location: http://{registry.Host}/v2/"), "307"),
            (RawAnswer.Status("500 Internal Server Error"), "500"),
        })
        {
            tokens.Answer = _ => answer;
            Assert.Contains(expected, await registry.PullAsync(Daemon, credentials: Credentials), StringComparison.Ordinal);
        }

        Assert.DoesNotContain(registry.Requests, head => head.Contains("Authorization: Basic", StringComparison.OrdinalIgnoreCase));

        // Good for all but for ever, and for a moment only.
        foreach (var life in new[] { "9223372036854775807", "-5", "0" })
        {
            tokens.Answer = _ => RawAnswer.Content($"{{\"token\":\"good\",\"expires_in\":{life}}}");
            Assert.Equal("", await registry.PullAsync(Daemon, credentials: Credentials));
            (await Daemon.Docker.RunAsync($"rmi {registry.Image}")).Expect(0);
        }
    }

    [Fact]
    public async Task Challenges_that_cannot_be_answered_end_the_pull()
    {
        await using var registry = new HostileRegistry();
        foreach (var challenge in new[]
        {
            "", "Bearer", "Bearer realm", "Bearer realm=", "Bearer realm=\"", "Bearer realm=\"file:///etc/passwd\"", "Bearer realm=\"nowhere\"", "Bearer realm=\"http://\"",
            "=,=,=", "\"\"\"\"", ",,,,,", "Negotiate", "Digest realm=\"x\"", "Bearer realm=\"//x\", realm=\"y\"", "Bearer " + new string('a', 50_000) + "=\"b\"", "\u00e4\u00f6",
            string.Join(", ", Enumerable.Repeat("Bearer a=b", 2000)),
        })
        {
            registry.Decide = head => RawAnswer.Status("401 Unauthorized", $"WWW-Authenticate: {challenge}");
            Assert.NotEqual("", await registry.PullAsync(Daemon, credentials: Credentials));
        }

        Assert.DoesNotContain(registry.Requests, head => head.Contains("Authorization:", StringComparison.OrdinalIgnoreCase));
        registry.Reset();
        Assert.Equal("", await registry.PullAsync(Daemon));
        (await Daemon.Docker.RunAsync($"rmi {registry.Image}")).Expect(0);
    }

    private static RawAnswer? Challenge(string head, string challenge) =>
        head.Contains("Authorization: Bearer", StringComparison.OrdinalIgnoreCase) ? null : RawAnswer.Status("401 Unauthorized", $"WWW-Authenticate: {challenge}");
}
