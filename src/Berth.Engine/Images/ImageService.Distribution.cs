using Berth.Api.Registry;
using Berth.Engine.Images.Transfers;
using Berth.Images.Registry;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>What a registry has under a name: its digest, and the platforms that it is for.</summary>
    /// <param name="insecure">Whoever asks puts up with any certificate, or none.</param>
    public async Task<DistributionInspect> InspectRemoteAsync(
        ImageReference name, RegistryCredentials? credentials, bool insecure, CancellationToken cancellationToken)
    {
        DistributionInspect? found = null;
        await AskRegistryAsync(name, credentials, insecure, async (session, token) =>
        {
            var manifest = await session.GetManifestAsync(name.Digest?.ToString() ?? name.Tag!, token);
            found = new DistributionInspect(
                new DistributionDescriptor(manifest.MediaType, manifest.Digest.ToString(), manifest.Content.Length),
                manifest.IsIndex
                    ? [.. manifest.ReadIndex().Manifests.Select(m => m.Platform).OfType<OciPlatform>().Select(PlatformOf)]
                    : [PlatformOf(await ReadConfigAsync(session, manifest, token))]);
        }, cancellationToken);
        return found!;
    }

    /// <summary>A manifest or index of a registry, as it is there.</summary>
    /// <param name="insecure">Whoever asks puts up with any certificate, or none.</param>
    public async Task<RemoteManifest> GetRemoteManifestAsync(
        ImageReference name, RegistryCredentials? credentials, bool insecure, CancellationToken cancellationToken)
    {
        RemoteManifest? found = null;
        await AskRegistryAsync(
            name,
            credentials,
            insecure,
            async (session, token) => found = await session.GetManifestAsync(name.Digest?.ToString() ?? name.Tag!, token),
            cancellationToken);
        return found!;
    }

    /// <summary>Checks credentials with their registry.</summary>
    /// <param name="domain">The registry, as it stands in names.</param>
    /// <returns>A token that stands in for the password from now on; empty where the registry gives none.</returns>
    public async Task<string> LogInAsync(string domain, RegistryCredentials credentials, CancellationToken cancellationToken)
    {
        try
        {
            var session = await _registries.OpenAsync(new RegistryTarget(RegistryTarget.HostOf(domain), ""), credentials, cancellationToken);
            return await session.LogInAsync(cancellationToken);
        }
        catch (RegistryException e)
        {
            throw RegistryErrors.Of(e);
        }
    }

    /// <summary>Searches a registry for repositories.</summary>
    /// <param name="term">What to look for; with a registry before it, there.</param>
    public async Task<IReadOnlyList<SearchResult>> SearchAsync(
        string term, int limit, Filters filters, RegistryCredentials? credentials, CancellationToken cancellationToken)
    {
        filters.Validate("is-automated", "is-official", "stars");
        var (official, automated) = (filters.GetBoolean("is-official"), filters.GetBoolean("is-automated"));
        var stars = filters.Get("stars").Select(s => int.TryParse(s, out var n) ? n : throw ImageErrors.Invalid($"invalid filter 'stars={s}'")).DefaultIfEmpty(0).Max();
        var (domain, words) = SplitTerm(term);
        try
        {
            return
            [
                .. (await _registries.SearchAsync(domain, words, limit, credentials, cancellationToken))
                    .Where(r => r.StarCount >= stars)
                    .Where(r => (official ?? r.IsOfficial) == r.IsOfficial && (automated ?? r.IsAutomated) == r.IsAutomated)
                    .Select(r => new SearchResult(r.StarCount, r.IsOfficial, r.Name ?? "", r.IsAutomated, r.Description ?? "")),
            ];
        }
        catch (RegistryException e)
        {
            throw RegistryErrors.Of(e);
        }
    }

    /// <summary>The registry that a search goes to, and what it looks for there.</summary>
    public static (string Domain, string Words) SplitTerm(string term)
    {
        if (term.Contains("://", StringComparison.Ordinal))
        {
            throw ImageErrors.Invalid("invalid repository name: repository name (" + term + ") should not have a scheme");
        }

        var slash = term.IndexOf('/');
        var first = slash < 0 ? "" : term[..slash];
        var isDomain = first == "localhost" || first.AsSpan().ContainsAny('.', ':');
        var (domain, words) = isDomain && first is not ("docker.io" or "index.docker.io")
            ? (first, term[(slash + 1)..])
            : (ImageReference.DefaultDomain, isDomain ? term[(slash + 1)..] : term);
        return (domain, domain == ImageReference.DefaultDomain && words.StartsWith("library/", StringComparison.Ordinal) ? words["library/".Length..] : words);
    }

    private async Task AskRegistryAsync(
        ImageReference name,
        RegistryCredentials? credentials,
        bool insecure,
        Func<RegistrySession, CancellationToken, Task> action,
        CancellationToken cancellationToken)
    {
        try
        {
            await AtRegistryAsync(name, credentials, insecure, action, cancellationToken);
        }
        catch (RegistryException e)
        {
            throw RegistryErrors.Of(e);
        }
    }

    private static async Task<OciPlatform> ReadConfigAsync(RegistrySession session, RemoteManifest manifest, CancellationToken cancellationToken)
    {
        var descriptor = manifest.ReadManifest().Config;
        var image = RemoteManifest.Read(
            await session.GetDocumentAsync(descriptor, cancellationToken), descriptor.Digest, OciImageJson.Default.OciImage);
        return new OciPlatform { Architecture = image.Architecture, Os = image.Os, OsVersion = image.OsVersion, OsFeatures = image.OsFeatures, Variant = image.Variant };
    }

    private static DistributionPlatform PlatformOf(OciPlatform platform) => new()
    {
        Architecture = platform.Architecture,
        Os = platform.Os,
        OsVersion = platform.OsVersion,
        OsFeatures = platform.OsFeatures,
        Variant = platform.Variant,
    };
}
