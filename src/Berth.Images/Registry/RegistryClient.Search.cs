using System.Globalization;
using Berth.Oci;

namespace Berth.Images.Registry;

public sealed partial class RegistryClient
{
    private const string HubIndex = "index.docker.io";

    /// <summary>Searches a registry's index for repositories (the first version of the protocol, which has kept this one use).</summary>
    /// <param name="domain">A registry, or docker.io.</param>
    /// <exception cref="RegistryException">It cannot be reached, or offers no search.</exception>
    public async Task<IReadOnlyList<RegistrySearchResult>> SearchAsync(
        string domain, string term, int limit, RegistryCredentials? credentials, CancellationToken cancellationToken)
    {
        var host = domain == ImageReference.DefaultDomain ? HubIndex : domain;
        var query = string.Create(CultureInfo.InvariantCulture, $"v1/search?q={Uri.EscapeDataString(term)}&n={limit}");
        return await AtHostAsync(new RegistryTarget(host, ""), query, async (address, insecure) =>
        {
            using var response = await SendAsync(
                new Uri(address, query),
                a => new HttpRequestMessage(HttpMethod.Get, a),
                address,
                request => request.Headers.Authorization = credentials is { Username.Length: > 0 } ? RegistryTokens.Basic(credentials) : null,
                insecure,
                Settings.SilenceMax,
                cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw new RegistryException($"{host} offers no search: unexpected status code {(int)response.StatusCode}", status: response.StatusCode);
            }

            var reply = await RegistryReply.ReadAsync(response, RegistryJson.Default.SearchReply, Settings.SilenceMax, cancellationToken);
            return (reply.Results ?? []).OfType<RegistrySearchResult>().ToList();
        }, cancellationToken);
    }
}
