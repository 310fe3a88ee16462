using System.Net;
using System.Net.Http.Headers;

namespace Berth.Images.Registry;

/// <summary>
/// One repository of one registry, and what was found out about how to speak to it. Holds nothing that must be closed. Several
/// files: manifests, blobs, uploads.
/// </summary>
public sealed partial class RegistrySession
{
    private readonly RegistryClient _client;
    private readonly RegistrySettings _settings;
    private readonly Uri _address;
    private readonly RegistryCredentials? _credentials;
    private readonly bool _insecure;
    private AuthChallenge? _challenge;

    internal RegistrySession(RegistryClient client, RegistryTarget target, Uri address, bool insecure, RegistryCredentials? credentials)
    {
        _client = client;
        _settings = client.Settings;
        _address = address;
        _insecure = insecure;
        _credentials = credentials is { IsEmpty: false } ? credentials : null;
        Target = target;
    }

    public RegistryTarget Target { get; }

    /// <summary>More than reading is meant: tokens are asked for with it.</summary>
    public bool ForPush { get; set; }

    internal RegistrySettings Settings => _settings;

    internal TimeProvider Time => _client.Time;

    private string Scope => $"repository:{Target.Repository}:{(ForPush ? "pull,push" : "pull")}";

    /// <summary>The first request: tells whether this is a registry and whom it serves. Not repeated where nobody listens.</summary>
    internal async Task GreetAsync(CancellationToken cancellationToken)
    {
        var address = new Uri(_address, "v2/");
        for (var attempt = 1; ; attempt++)
        {
            using var response = await SendOnceAsync(address, a => new HttpRequestMessage(HttpMethod.Get, a), _ => { }, _settings.SilenceMax, cancellationToken);
            if (response.StatusCode == HttpStatusCode.Unauthorized)
            {
                _challenge = AuthChallenge.Choose(response.Headers.WwwAuthenticate.Select(h => h.ToString()));
                return;
            }

            if (response.IsSuccessStatusCode)
            {
                return;
            }

            var asked = RegistryFailure.AskedPause(response, Time);
            if (!RegistryFailure.MayPass(response.StatusCode, asked) || attempt == _settings.Attempts)
            {
                var failure = await RegistryReply.FailureAsync(response, _settings.SilenceMax, cancellationToken);
                throw new RegistryException($"Get \"{address}\": {failure.Message}", failure.Code, failure.Status);
            }

            await Task.Delay(RegistryFailure.Pause(attempt, asked), Time, cancellationToken);
        }
    }

    /// <summary>Checks the credentials; the registry may have to be asked, or its token server.</summary>
    /// <returns>A refresh token that can stand in for the password; empty where there is none.</returns>
    /// <exception cref="RegistryException">They are not good.</exception>
    public async Task<string> LogInAsync(CancellationToken cancellationToken)
    {
        if (_challenge is null || _credentials is null)
        {
            return "";
        }

        if (_challenge.Scheme == "bearer")
        {
            return await _client.Tokens.LogInAsync(_challenge, _credentials, _insecure, _settings.SilenceMax, cancellationToken);
        }

        using var response = await SendAsync("v2/", a => new HttpRequestMessage(HttpMethod.Get, a), "", cancellationToken);
        return response.IsSuccessStatusCode
            ? ""
            : throw new RegistryException(
                $"login attempt to {new Uri(_address, "v2/")} failed with status: {(int)response.StatusCode} {response.ReasonPhrase}",
                response.StatusCode == HttpStatusCode.Unauthorized ? "UNAUTHORIZED" : null,
                response.StatusCode);
    }

    /// <summary>
    /// Sends a request, authorized, and again where the answer or its absence says that it may succeed later. Returns any answer
    /// else; its body is still to be read.
    /// </summary>
    private async Task<HttpResponseMessage> SendAsync(
        string path, Func<Uri, HttpRequestMessage> make, string scope, CancellationToken cancellationToken)
    {
        var address = new Uri(_address, path);
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan pause;
            try
            {
                var response = await SendAuthorizedAsync(address, make, scope, _settings.SilenceMax, cancellationToken);
                var asked = RegistryFailure.AskedPause(response, Time);
                if (!RegistryFailure.MayPass(response.StatusCode, asked) || attempt == _settings.Attempts)
                {
                    return response;
                }

                pause = RegistryFailure.Pause(attempt, asked);
                response.Dispose();
            }
            catch (Exception e) when (RegistryFailure.IsBroken(e))
            {
                if (attempt == _settings.Attempts)
                {
                    throw new RegistryException($"{address}: {RegistryFailure.Text(e)}", cause: e);
                }

                pause = RegistryFailure.Pause(attempt, null);
            }

            await Task.Delay(pause, Time, cancellationToken);
        }
    }

    /// <summary>Sends a request once; a second time with a new token where the first was refused.</summary>
    private async Task<HttpResponseMessage> SendAuthorizedAsync(
        Uri address, Func<Uri, HttpRequestMessage> make, string scope, TimeSpan silenceMax, CancellationToken cancellationToken)
    {
        for (var renew = false; ; renew = true)
        {
            var authorization = await AuthorizationAsync(scope, renew, cancellationToken);
            var response = await SendOnceAsync(address, make, request => request.Headers.Authorization = authorization, silenceMax, cancellationToken);
            if (response.StatusCode != HttpStatusCode.Unauthorized || renew)
            {
                return response;
            }

            // Some registries greet everyone and ask only here.
            var challenge = AuthChallenge.Choose(response.Headers.WwwAuthenticate.Select(h => h.ToString()));
            if (challenge is null || (challenge.Scheme == "basic" && authorization is not null))
            {
                return response;
            }

            _challenge = challenge;
            response.Dispose();
        }
    }

    private async Task<AuthenticationHeaderValue?> AuthorizationAsync(string scope, bool renew, CancellationToken cancellationToken) =>
        _credentials is { RegistryToken: { Length: > 0 } given } ? new AuthenticationHeaderValue("Bearer", given)
        : _challenge is null ? null
        : _challenge.Scheme == "bearer" ? new AuthenticationHeaderValue(
            "Bearer",
            await _client.Tokens.GetAsync(_challenge, scope, _credentials, _insecure, renew, _settings.SilenceMax, cancellationToken))
        : _credentials is not null ? RegistryTokens.Basic(_credentials)
        : throw new RegistryException("no basic auth credentials", "UNAUTHORIZED", HttpStatusCode.Unauthorized);

    private Task<HttpResponseMessage> SendOnceAsync(
        Uri address, Func<Uri, HttpRequestMessage> make, Action<HttpRequestMessage> authorize, TimeSpan silenceMax, CancellationToken cancellationToken) =>
        _client.SendAsync(address, make, _address, authorize, _insecure || Target.Scheme == Uri.UriSchemeHttp, silenceMax, cancellationToken);

    private Task<RegistryException> FailureAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        RegistryReply.FailureAsync(response, _settings.SilenceMax, cancellationToken);
}
