using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Registries;

/// <summary>The credentials that API clients send with a request, in all forms that there are; and the check of them.</summary>
public sealed class AuthHeaderTests(SharedDaemon shared) : EndToEndTest(shared)
{
    private const string Joined = "aGFyYm91cjpzZWNyZXQ="; // harbour:secret

    [Theory]
    [InlineData("""{"username":"harbour","password":"secret"}""", "Basic " + Joined)]
    [InlineData("""{"auth":"aGFyYm91cjpzZWNyZXQ="}""", "Basic " + Joined)]
    [InlineData("""{"username":"harbour","password":"secret","email":"x@y","unknown":[1]}""", "Basic " + Joined)]
    [InlineData("""{"registrytoken":"given"}""", "Bearer given")]
    public async Task Every_form_of_credentials_reaches_the_registry(string credentials, string expected)
    {
        Assert.SkipWhen(Daemon.IsDockerd && credentials.Contains("\"auth\"", StringComparison.Ordinal), "the daemon leaves this to its clients");
        await using var registry = new HostileRegistry();
        registry.Decide = head => head.Contains($"Authorization: {expected}\r\n", StringComparison.OrdinalIgnoreCase)
            ? null
            : RawAnswer.Status("401 Unauthorized", "WWW-Authenticate: Basic realm=\"test\"");
        var bytes = Encoding.UTF8.GetBytes(credentials);
        var unpadded = System.Buffers.Text.Base64Url.EncodeToString(bytes);
        foreach (var header in Daemon.IsDockerd ? [Padded(unpadded)] : new[] { Padded(unpadded), unpadded, Convert.ToBase64String(bytes) })
        {
            Assert.Equal("", await registry.PullWithHeaderAsync(Daemon, header));
            (await Docker.RunAsync($"rmi {registry.Image}")).Expect(0);
        }
    }

    [Fact]
    public async Task An_identity_token_is_changed_for_one_of_the_registry()
    {
        await using var tokens = new RawServer(head => head.StartsWith("POST ", StringComparison.Ordinal)
            ? RawAnswer.Content("{\"access_token\":\"fresh\",\"token\":\"fresh\"}")
            : RawAnswer.Status("401 Unauthorized"));
        await using var registry = new HostileRegistry();
        registry.Decide = head => head.Contains("Authorization: Bearer fresh\r\n", StringComparison.OrdinalIgnoreCase)
            ? null
            : RawAnswer.Status("401 Unauthorized", $"WWW-Authenticate: Bearer realm=\"http://{tokens.Host}/token\",service=\"s\"");
        Assert.Equal("", await registry.PullAsync(Daemon, credentials: """{"identitytoken":"refresh"}"""));
        Assert.All(tokens.Requests, head => Assert.StartsWith("POST /token ", head, StringComparison.Ordinal));
        (await Docker.RunAsync($"rmi {registry.Image}")).Expect(0);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("bnVsbA==")] // null
    [InlineData("e30=")] // {}
    [InlineData("W10=")] // []
    [InlineData("InRleHQi")] // "text"
    [InlineData("eyJ1c2VybmFtZSI6NX0=")] // {"username":5}
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("***")]
    [InlineData("=====")]
    public async Task What_is_no_credentials_counts_as_none(string? header)
    {
        await using var registry = new HostileRegistry();
        Assert.Equal("", await registry.PullWithHeaderAsync(Daemon, header));
        Assert.DoesNotContain(registry.Requests, head => head.Contains("Authorization:", StringComparison.OrdinalIgnoreCase));
        (await Docker.RunAsync($"rmi {registry.Image}")).Expect(0);
    }

    [Fact]
    public async Task Credentials_are_checked_with_their_registry()
    {
        await using var registry = await Registry.StartAsync(auth: Registry.PasswordAccess);
        var (status, reply) = await CheckAsync($$"""{"username":"harbour","password":"secret","serveraddress":"{{registry.Host}}"}""");
        Assert.Equal((HttpStatusCode.OK, "Login Succeeded", ""), (status, (string?)reply["Status"], (string?)reply["IdentityToken"]));
        (status, reply) = await CheckAsync($$"""{"username":"harbour","password":"wrong","serveraddress":"http://{{registry.Host}}/v2/"}""");
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Contains("401 Unauthorized", (string?)reply["message"], StringComparison.Ordinal);
        (status, reply) = await CheckAsync("""{"username":"a","password":"b","serveraddress":"127.0.0.1:1"}""");
        Assert.Equal(HttpStatusCode.InternalServerError, status);
        Assert.Contains("connect: connection refused", (string?)reply["message"], StringComparison.Ordinal);

        // dockerd 20.10 answers 500 to what is no JSON; later ones 400.
        foreach (var broken in new[] { "", "{", "[]", "7" })
        {
            (status, _) = await CheckAsync(broken);
            Assert.Equal(Daemon.IsDockerd ? HttpStatusCode.InternalServerError : HttpStatusCode.BadRequest, status);
        }
    }

    private async Task<(HttpStatusCode Status, JsonNode Reply)> CheckAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await Daemon.Http.PostAsync("auth", content);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    private static string Padded(string base64) => base64.PadRight((base64.Length + 3) / 4 * 4, '=');
}
