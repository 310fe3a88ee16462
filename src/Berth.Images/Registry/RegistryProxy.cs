using System.Net;
using System.Net.Http.Headers;

namespace Berth.Images.Registry;

/// <summary>Chooses the proxy for an address, and has its credentials ready.</summary>
internal sealed class RegistryProxy(ProxySettings settings) : IWebProxy
{
    private readonly NoProxyList _except = new(settings.Except);

    /// <summary>Asked with the address of the proxy, once that wants to know who asks.</summary>
    public ICredentials? Credentials { get; set; } = new ProxyCredentials(settings);

    public Uri? GetProxy(Uri destination) => _except.Contains(destination) ? null : ProxySettings.Parse(TextFor(destination));

    public bool IsBypassed(Uri host) => GetProxy(host) is null;

    /// <summary>
    /// What a request without TLS tells the proxy of its sender, without being asked: the request may be a large upload. Null where
    /// it goes to no proxy, or to one that wants to know nothing.
    /// </summary>
    public AuthenticationHeaderValue? Authorization(Uri destination) =>
        destination.Scheme == Uri.UriSchemeHttp && GetProxy(destination) is { } proxy && Credentials?.GetCredential(proxy, "Basic") is { } known
            ? RegistryTokens.Basic(new RegistryCredentials(known.UserName, known.Password))
            : null;

    private string TextFor(Uri destination) => destination.Scheme == Uri.UriSchemeHttps ? settings.Https : settings.Http;

    private sealed class ProxyCredentials(ProxySettings settings) : ICredentials
    {
        public NetworkCredential? GetCredential(Uri uri, string authType)
        {
            var known = new[] { settings.Https, settings.Http }.Select(ProxySettings.Parse).FirstOrDefault(p => p?.Authority == uri.Authority && p.UserInfo.Length > 0);
            return known?.UserInfo.Split(':', 2) switch
            {
                [var user] => new NetworkCredential(Uri.UnescapeDataString(user), ""),
                [var user, var password] => new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password)),
                _ => null,
            };
        }
    }
}
