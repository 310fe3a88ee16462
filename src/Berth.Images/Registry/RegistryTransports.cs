using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;

namespace Berth.Images.Registry;

/// <summary>The connections to registries and to whom they send us: one pool for each host, shared by all that is under way.</summary>
internal sealed class RegistryTransports(Func<RegistrySettings> settings) : IDisposable
{
    private static readonly TimeSpan _connectTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan _idleTimeout = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Lazy<HttpMessageInvoker>> _pools = new(StringComparer.Ordinal);

    /// <summary>Whether this host may be spoken to without TLS, or with a certificate that nobody vouches for.</summary>
    public Task<bool> IsInsecureAsync(string host, CancellationToken cancellationToken) =>
        InsecureHosts.ContainAsync(host, settings().InsecureRegistries, cancellationToken);

    /// <summary>Sends one request to where its address says, and returns when the head of the answer is there.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var uri = request.RequestUri!;
        var insecure = (request.Options.TryGetValue(InsecureAllowed, out var allowed) && allowed) || await IsInsecureAsync(uri.Authority, cancellationToken);
        if (uri.Scheme != Uri.UriSchemeHttps && !insecure)
        {
            throw new RegistryException($"{uri.GetLeftPart(UriPartial.Authority)} is not an insecure registry: it is not spoken to without TLS");
        }

        var now = settings();
        var key = $"{uri.Scheme} {uri.Authority} {insecure} {now.Proxies} {HostCertificates.Stamp(uri.Authority, now.CertificateDirectories)}";
        var pool = _pools.GetOrAdd(key, _ => new Lazy<HttpMessageInvoker>(() => Open(uri, insecure, now)));
        request.Headers.ProxyAuthorization = new RegistryProxy(now.Proxies).Authorization(uri);
        return await pool.Value.SendAsync(request, cancellationToken);
    }

    /// <summary>Set on a request whose address counts as insecure for other reasons than the list of such hosts.</summary>
    public static HttpRequestOptionsKey<bool> InsecureAllowed { get; } = new("insecure");

    public void Dispose()
    {
        foreach (var pool in _pools.Values.Where(p => p.IsValueCreated))
        {
            pool.Value.Dispose();
        }
    }

    private static HttpMessageInvoker Open(Uri uri, bool insecure, RegistrySettings settings)
    {
        var certificates = HostCertificates.Load(uri.Authority, settings.CertificateDirectories);
        return new HttpMessageInvoker(new SocketsHttpHandler
        {
            // Redirects are followed where it is known what may go along.
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            Proxy = new RegistryProxy(settings.Proxies),
            ConnectTimeout = _connectTimeout,
            PooledConnectionIdleTimeout = _idleTimeout,
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = certificates.Clients,
                RemoteCertificateValidationCallback = (_, certificate, chain, errors) => insecure || certificates.Accepts(certificate, chain, errors),
            },
        });
    }
}
