using System.Net;
using System.Net.Http.Headers;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Images.Registry;

public sealed partial class RegistrySession
{
    // A repository with more tags is asked page by page; one that never ends is not worth the memory and the time.
    private const int TagsMax = 100_000;

    private const string ManifestProblem = "manifest verification failed for digest";

    private static readonly string[] _manifestTypes = [MediaTypes.OciIndex, MediaTypes.DockerManifestList, MediaTypes.OciManifest, MediaTypes.DockerManifest];

    /// <summary>Fetches a manifest that an index names, and accepts nothing else.</summary>
    /// <exception cref="RegistryException">It is not there, or not what it should be.</exception>
    public async Task<RemoteManifest> GetManifestAsync(OciDescriptor entry, CancellationToken cancellationToken)
    {
        var manifest = await GetManifestAsync(entry.Digest.ToString(), cancellationToken);
        CheckContent(ManifestProblem, entry, manifest.Content.Span);
        return manifest;
    }

    /// <summary>Fetches a manifest or an index.</summary>
    /// <param name="tagOrDigest">Under a digest, nothing else than what it names is accepted.</param>
    /// <exception cref="RegistryException">There is none, or it is not what it should be.</exception>
    public async Task<RemoteManifest> GetManifestAsync(string tagOrDigest, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(
            $"v2/{Target.Repository}/manifests/{tagOrDigest}",
            address =>
            {
                var request = new HttpRequestMessage(HttpMethod.Get, address);
                foreach (var type in _manifestTypes)
                {
                    request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
                }

                return request;
            },
            Scope,
            cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw await FailureAsync(response, cancellationToken);
        }

        var content = await RegistryReply.ReadAsync(response, RegistryReply.DocumentSizeMax, _settings.SilenceMax, cancellationToken);
        if (Digest.TryParse(tagOrDigest, out var expected))
        {
            CheckDigest(expected, content);
        }

        // Under a tag this alone tells that something was changed on the way.
        if (DigestOf(response) is { Algorithm: "sha256" } told)
        {
            CheckDigest(told, content);
        }

        return RemoteManifest.Parse(response.Content.Headers.ContentType?.MediaType, content);
    }

    /// <summary>All tags of the repository.</summary>
    public async Task<IReadOnlyList<string>> GetTagsAsync(CancellationToken cancellationToken)
    {
        var tags = new List<string>();
        var told = 0;
        for (var path = $"v2/{Target.Repository}/tags/list"; path is not null;)
        {
            using var response = await SendAsync(path, a => new HttpRequestMessage(HttpMethod.Get, a), Scope, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw await FailureAsync(response, cancellationToken);
            }

            var page = await RegistryReply.ReadAsync(response, RegistryJson.Default.TagList, _settings.SilenceMax, cancellationToken);
            told += page.Tags?.Count ?? 0;
            tags.AddRange((page.Tags ?? []).OfType<string>().Where(ImageReference.IsTag));
            if (told > TagsMax)
            {
                throw new RegistryException($"{Target.Repository} has more than {TagsMax} tags");
            }

            path = (page.Tags ?? []).Count > 0 ? NextPage(response, path) : null;
        }

        return tags;
    }

    /// <summary>Gives a manifest its tag; what it names is there.</summary>
    /// <exception cref="RegistryException">The registry refuses it, or says that it is another one.</exception>
    public async Task PutManifestAsync(string tag, RemoteManifest manifest, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(
            $"v2/{Target.Repository}/manifests/{tag}",
            address => new HttpRequestMessage(HttpMethod.Put, address)
            {
                Content = new ReadOnlyMemoryContent(manifest.Content) { Headers = { ContentType = new MediaTypeHeaderValue(manifest.MediaType) } },
            },
            Scope,
            cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw await FailureAsync(response, cancellationToken);
        }

        if (DigestOf(response) is { } digest && digest != manifest.Digest)
        {
            throw new RegistryException($"the registry stored {digest} where {manifest.Digest} was sent");
        }
    }

    private static void CheckDigest(Digest expected, byte[] content)
    {
        if (expected.Algorithm != "sha256")
        {
            throw new RegistryException($"{expected.Algorithm} digests are not supported: {expected}");
        }

        if (Digest.OfContent(content) is var actual && actual != expected)
        {
            throw new RegistryException($"{ManifestProblem} {expected}: the registry sent {actual}");
        }
    }

    // What a registry says that it sends or got; null where it does not say.
    private static Digest? DigestOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Docker-Content-Digest", out var told) && Digest.TryParse(told.First(), out var digest) ? digest : null;

    // Link: </v2/name/tags/list?n=50&last=tag>; rel="next". Only a page of the same list on the same host.
    private string? NextPage(HttpResponseMessage response, string path)
    {
        if (!response.Headers.TryGetValues("Link", out var links) || links.FirstOrDefault(l => l.Contains("rel=\"next\"", StringComparison.Ordinal)) is not { } link)
        {
            return null;
        }

        var (start, end) = (link.IndexOf('<'), link.IndexOf('>'));
        if (start < 0 || end < start || !Uri.TryCreate(new Uri(_address, path), link[(start + 1)..end], out var next) || next.Authority != _address.Authority)
        {
            return null;
        }

        var following = next.PathAndQuery.TrimStart('/');
        return following != path ? following : null;
    }
}
