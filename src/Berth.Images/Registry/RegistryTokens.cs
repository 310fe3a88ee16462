using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Berth.Images.Registry;

/// <summary>
/// Bearer tokens of registries, fetched from the server that the registry names and kept as long as they are good
/// (https://distribution.github.io/distribution/spec/auth/token/).
/// </summary>
internal sealed class RegistryTokens(RegistryTransports transports, TimeProvider time)
{
    private const string ClientId = "berth";

    // It goes into a header, and no server takes heads of more than a few of these.
    private const int TokenMax = 64 << 10;

    // What the specification gives a token whose life is not told, and a margin for the way.
    private static readonly TimeSpan _lifeDefault = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _margin = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<Key, Token> _tokens = new();

    /// <summary>A token for these scopes.</summary>
    /// <param name="insecure">The registry that asks for it may do without TLS; then its token server may, too.</param>
    /// <param name="renew">The one that is known was refused.</param>
    /// <exception cref="RegistryException">The server refuses, or is no fit receiver of credentials.</exception>
    public async Task<string> GetAsync(
        AuthChallenge challenge,
        string scopes,
        RegistryCredentials? credentials,
        bool insecure,
        bool renew,
        TimeSpan silenceMax,
        CancellationToken cancellationToken)
    {
        var key = new Key(challenge.Parameter("realm"), challenge.Parameter("service"), scopes, credentials);
        if (!renew && _tokens.TryGetValue(key, out var known) && known.GoodUntil > time.GetUtcNow())
        {
            return known.Text;
        }

        var reply = await FetchAsync(key, insecure, offline: false, silenceMax, cancellationToken);
        var text = TextOf(reply, key);
        foreach (var (old, token) in _tokens)
        {
            if (token.GoodUntil <= time.GetUtcNow())
            {
                _tokens.TryRemove(old, out _);
            }
        }

        var life = reply.ExpiresIn > 0 ? TimeSpan.FromSeconds(Math.Min(reply.ExpiresIn, 86400)) : _lifeDefault;
        _tokens[key] = new Token(text, time.GetUtcNow() + life - _margin);
        return text;
    }

    /// <summary>Checks credentials and asks for a refresh token, which can stand in for the password from then on.</summary>
    /// <returns>Empty where the server gives none.</returns>
    public async Task<string> LogInAsync(
        AuthChallenge challenge, RegistryCredentials credentials, bool insecure, TimeSpan silenceMax, CancellationToken cancellationToken)
    {
        var key = new Key(challenge.Parameter("realm"), challenge.Parameter("service"), "", credentials);
        var reply = await FetchAsync(key, insecure, offline: true, silenceMax, cancellationToken);
        TextOf(reply, key);
        return reply.RefreshToken ?? "";
    }

    private async Task<TokenReply> FetchAsync(Key key, bool insecure, bool offline, TimeSpan silenceMax, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(key.Realm, UriKind.Absolute, out var realm) || (realm.Scheme != Uri.UriSchemeHttps && realm.Scheme != Uri.UriSchemeHttp))
        {
            throw new RegistryException($"the registry names no token server that can be asked: \"{key.Realm}\"");
        }

        if (realm.Scheme != Uri.UriSchemeHttps && !insecure)
        {
            throw new RegistryException($"the registry's token server {realm.GetLeftPart(UriPartial.Authority)} does not use TLS");
        }

        using var request = key.Credentials is { IdentityToken.Length: > 0 } known ? Refresh(realm, key, known.IdentityToken) : Ask(realm, key, offline);
        request.Options.Set(RegistryTransports.InsecureAllowed, insecure);
        try
        {
            using var response = await RegistryReply.Within(silenceMax, token => transports.SendAsync(request, token), cancellationToken);
            return response.StatusCode == HttpStatusCode.OK
                ? await RegistryReply.ReadAsync(response, RegistryJson.Default.TokenReply, silenceMax, cancellationToken)
                : throw await RegistryReply.FailureAsync(response, silenceMax, cancellationToken);
        }
        catch (Exception e) when (RegistryFailure.IsBroken(e))
        {
            throw new RegistryException($"{realm.GetLeftPart(UriPartial.Path)}: {RegistryFailure.Text(e)}", cause: e);
        }
    }

    private static HttpRequestMessage Ask(Uri realm, Key key, bool offline)
    {
        var query = new StringBuilder(realm.Query.TrimStart('?'));
        void Add(string name, string value)
        {
            if (value.Length > 0)
            {
                query.Append(query.Length > 0 ? "&" : "").Append(name).Append('=').Append(Uri.EscapeDataString(value));
            }
        }

        Add("account", key.Credentials?.Username ?? "");
        Add("client_id", ClientId);
        Add("offline_token", offline ? "true" : "");
        foreach (var scope in key.Scopes.Split(' '))
        {
            Add("scope", scope);
        }

        Add("service", key.Service);
        var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(realm) { Query = query.ToString() }.Uri);
        if (key.Credentials is { IsEmpty: false } credentials)
        {
            request.Headers.Authorization = Basic(credentials);
        }

        return request;
    }

    private static HttpRequestMessage Refresh(Uri realm, Key key, string identityToken) => new(HttpMethod.Post, realm)
    {
        Content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "refresh_token",
            ["refresh_token"] = identityToken,
            ["client_id"] = ClientId,
            ["service"] = key.Service,
            ["scope"] = key.Scopes,
        }),
    };

    public static AuthenticationHeaderValue Basic(RegistryCredentials credentials) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials.Username}:{credentials.Password}")));

    private static string TextOf(TokenReply reply, Key key)
    {
        var text = string.IsNullOrEmpty(reply.Token) ? reply.AccessToken : reply.Token;
        return text?.Length > TokenMax ? throw new RegistryException($"the token of the authorization server is too long ({key.Realm})")
            : !string.IsNullOrEmpty(text) && !text.AsSpan().ContainsAnyExceptInRange('!', '~') ? text
            : throw new RegistryException($"authorization server did not include a token in the response ({key.Realm})");
    }

    private readonly record struct Key(string Realm, string Service, string Scopes, RegistryCredentials? Credentials);

    private readonly record struct Token(string Text, DateTimeOffset GoodUntil);
}
