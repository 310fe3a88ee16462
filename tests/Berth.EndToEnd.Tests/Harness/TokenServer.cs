using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Berth.EndToEnd.Tests.Harness;

/// <summary>A token server as the distribution project specifies it: everyone may pull, and who knows the password may push.</summary>
public sealed class TokenServer : IAsyncDisposable
{
    private const string Issuer = "test-issuer";
    private const string Service = "test-registry";
    private const string RefreshToken = "refresh-7";

    private readonly HttpListener _listener = new();
    private readonly TestAuthority _authority;
    private readonly List<string> _requests = [];
    private readonly Task _serving;
    private readonly string _address = $"http://127.0.0.1:{Ports.Free()}/token";

    public TokenServer(TestAuthority authority)
    {
        _authority = authority;
        _listener.Prefixes.Add(_address + "/");
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>The part of a registry's configuration that sends its clients here.</summary>
    public string Access =>
        $"auth: {{token: {{realm: \"{_address}/\", service: {Service}, issuer: {Issuer}, rootcertbundle: {_authority.CertificateFile}}}}}";

    /// <summary>What was asked: grant and scopes.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                var reply = Answer(context.Request);
                context.Response.StatusCode = reply is null ? 401 : 200;
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(reply?.ToJsonString() ?? "{}"));
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private JsonObject? Answer(HttpListenerRequest request)
    {
        var isRefresh = request.HttpMethod == "POST";
        var values = System.Web.HttpUtility.ParseQueryString(isRefresh ? new StreamReader(request.InputStream).ReadToEnd() : request.Url!.Query);
        var scopes = (values.GetValues("scope") ?? []).SelectMany(s => s.Split(' ')).Where(s => s.Length > 0).ToList();
        var password = request.Headers["Authorization"] is { } header ? Encoding.UTF8.GetString(Convert.FromBase64String(header["Basic ".Length..])) : null;
        lock (_requests)
        {
            _requests.Add($"{(isRefresh ? "refresh" : password is null ? "nobody" : "password")} {string.Join(' ', scopes)}");
        }

        var known = isRefresh ? values["refresh_token"] == RefreshToken : password == $"{Registry.User}:{Registry.Password}";
        if (!known && (isRefresh || password is not null))
        {
            return null;
        }

        var access = scopes.Select(s => s.Split(':')).Select(s => new JsonObject
        {
            ["type"] = s[0],
            ["name"] = s[1],
            ["actions"] = new JsonArray([.. s[2].Split(',').Where(a => known || a == "pull").Select(a => JsonValue.Create(a))]),
        });
        var token = Sign(new JsonArray([.. access]));
        var reply = new JsonObject { ["token"] = token, ["access_token"] = token, ["expires_in"] = 300 };
        if (values["offline_token"] == "true")
        {
            reply["refresh_token"] = RefreshToken;
        }

        return reply;
    }

    private string Sign(JsonArray access)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var header = new JsonObject { ["typ"] = "JWT", ["alg"] = "RS256", ["x5c"] = new JsonArray(Convert.ToBase64String(_authority.Certificate)) };
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["aud"] = Service,
            ["sub"] = "",
            ["iat"] = now,
            ["nbf"] = now - 10,
            ["exp"] = now + 300,
            ["jti"] = Guid.NewGuid().ToString(),
            ["access"] = access,
        };
        var text = $"{Base64(header.ToJsonString())}.{Base64(claims.ToJsonString())}";
        return $"{text}.{Base64(_authority.Key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    private static string Base64(string text) => Base64(Encoding.UTF8.GetBytes(text));

    private static string Base64(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
