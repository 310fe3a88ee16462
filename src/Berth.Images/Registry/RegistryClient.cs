using System.Net;
using System.Security.Authentication;
using Berth.Oci;

namespace Berth.Images.Registry;

/// <summary>Speaks the distribution protocol with any registry (https://github.com/opencontainers/distribution-spec).</summary>
public sealed partial class RegistryClient : IDisposable
{
    private readonly RegistryTransports _transports;

    public RegistryClient(RegistrySettings settings, TimeProvider time)
    {
        Settings = settings;
        Time = time;
        _transports = new RegistryTransports(() => Settings);
        Tokens = new RegistryTokens(_transports, time);
    }

    /// <summary>May be replaced at any time; what is under way goes on with what it began with.</summary>
    public RegistrySettings Settings { get; set; }

    internal TimeProvider Time { get; }

    internal RegistryTokens Tokens { get; }

    /// <summary>Where an image is looked for: mirrors first, the registry itself last.</summary>
    public IReadOnlyList<RegistryTarget> TargetsOf(ImageReference name) => RegistryTarget.Of(name, Settings);

    /// <summary>Finds out how a registry is spoken to: with TLS or without, and what it asks of those who ask.</summary>
    /// <param name="credentials">Are not sent to a mirror.</param>
    /// <exception cref="RegistryException">It cannot be reached, or is no registry.</exception>
    public Task<RegistrySession> OpenAsync(RegistryTarget target, RegistryCredentials? credentials, CancellationToken cancellationToken) =>
        AtHostAsync(target, "v2/", async (address, insecure) =>
        {
            var session = new RegistrySession(this, target, address, insecure, target.IsMirror ? null : credentials);
            await session.GreetAsync(cancellationToken);
            return session;
        }, cancellationToken);

    public void Dispose() => _transports.Dispose();

    /// <summary>Sends a request once, wherever it is redirected, with credentials for the first host only.</summary>
    /// <param name="make">Makes the request anew for each address.</param>
    /// <param name="own">Scheme, host and port that get what <paramref name="authorize"/> adds.</param>
    internal async Task<HttpResponseMessage> SendAsync(
        Uri address,
        Func<Uri, HttpRequestMessage> make,
        Uri own,
        Action<HttpRequestMessage> authorize,
        bool insecure,
        TimeSpan silenceMax,
        CancellationToken cancellationToken)
    {
        const int RedirectsMax = 10;
        for (var redirects = 0; ; redirects++)
        {
            using var request = make(address);
            var isOwn = Uri.Compare(address, own, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;
            if (isOwn)
            {
                authorize(request);
                request.Options.Set(RegistryTransports.InsecureAllowed, insecure);
            }

            var response = await RegistryReply.Within(silenceMax, token => _transports.SendAsync(request, token), cancellationToken);
            if ((request.Method != HttpMethod.Get && request.Method != HttpMethod.Head) || !IsRedirect(response))
            {
                return response;
            }

            var next = new Uri(address, response.Headers.Location!);
            response.Dispose();
            if (redirects == RedirectsMax || (next.Scheme != Uri.UriSchemeHttps && (next.Scheme != Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)))
            {
                throw new RegistryException($"{address.GetLeftPart(UriPartial.Path)}: refused to follow a redirect to {next.GetLeftPart(UriPartial.Path)}");
            }

            address = next;
        }
    }

    // With TLS; without it only where the host is insecure and does not know TLS.
    private async Task<T> AtHostAsync<T>(
        RegistryTarget target, string path, Func<Uri, bool, Task<T>> action, CancellationToken cancellationToken)
    {
        var insecure = target.Insecure || await _transports.IsInsecureAsync(target.Host, cancellationToken);
        string[] schemes = target.Scheme is { } scheme ? [scheme] : insecure ? ["https", "http"] : ["https"];
        for (var i = 0; ; i++)
        {
            if (!Uri.TryCreate($"{schemes[i]}://{target.Host}/", UriKind.Absolute, out var address))
            {
                throw new RegistryException($"{target.Host} is no address of a registry");
            }

            try
            {
                return await action(address, insecure);
            }
            catch (Exception e) when (i + 1 < schemes.Length && (RegistryFailure.IsBroken(e) || e is AuthenticationException))
            {
                // The next scheme tells.
            }
            catch (Exception e) when (RegistryFailure.IsBroken(e) || e is AuthenticationException)
            {
                throw new RegistryException($"Get \"{address}{path}\": {RegistryFailure.Text(e)}", cause: e);
            }
        }
    }

    private static bool IsRedirect(HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
            or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect
        && response.Headers.Location is not null;
}
