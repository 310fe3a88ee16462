using System.Net;
using System.Net.Http.Headers;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Images.Registry;

public sealed partial class RegistrySession
{
    /// <summary>Fetches a small blob, such as a configuration, and checks it.</summary>
    public async Task<byte[]> GetDocumentAsync(OciDescriptor blob, CancellationToken cancellationToken)
    {
        if (blob.Size is < 0 or > RegistryReply.DocumentSizeMax)
        {
            throw new RegistryException($"{blob.Digest} is too large for a document: {blob.Size} bytes");
        }

        using var response = await SendAsync(BlobPath(blob.Digest), a => new HttpRequestMessage(HttpMethod.Get, a), Scope, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw await FailureAsync(response, cancellationToken);
        }

        var content = await RegistryReply.ReadAsync(response, RegistryReply.DocumentSizeMax, _settings.SilenceMax, cancellationToken);
        CheckContent("verification failed for blob", blob, content);
        return content;
    }

    /// <summary>Opens a blob's content from an offset on, once; a connection that breaks is the caller's business.</summary>
    /// <returns>The answer, and the offset at which it begins: a registry may send all of it.</returns>
    internal async Task<(HttpResponseMessage Response, long Offset)> OpenBlobAsync(OciDescriptor blob, long offset, CancellationToken cancellationToken)
    {
        var response = await SendAuthorizedAsync(
            new Uri(_address, BlobPath(blob.Digest)),
            address =>
            {
                var request = new HttpRequestMessage(HttpMethod.Get, address);
                if (offset > 0)
                {
                    request.Headers.Range = new RangeHeaderValue(offset, null);
                }

                return request;
            },
            Scope,
            _settings.SilenceMax,
            cancellationToken);
        var content = response.Content.Headers;
        var (begin, total) = response.StatusCode switch
        {
            HttpStatusCode.OK => (0, content.ContentLength),
            HttpStatusCode.PartialContent when content.ContentRange is { HasRange: true, From: { } from } range && from <= offset => (from, range.Length),
            _ => (-1, null),
        };
        if (begin < 0)
        {
            using (response)
            {
                var failure = await FailureAsync(response, cancellationToken);
                throw new RegistryException(failure.Message, failure.Code, failure.Status) { RetryAfter = RegistryFailure.AskedPause(response, Time) };
            }
        }

        if (total is { } size && size != blob.Size)
        {
            response.Dispose();
            throw new RegistryException($"blob {blob.Digest} has {size} bytes on the registry, and {blob.Size} in the manifest");
        }

        return (response, begin);
    }

    /// <summary>Whether the repository has a blob.</summary>
    public async Task<bool> HasBlobAsync(Digest digest, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(BlobPath(digest), a => new HttpRequestMessage(HttpMethod.Head, a), Scope, cancellationToken);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => true,
            HttpStatusCode.NotFound => false,
            _ => throw await FailureAsync(response, cancellationToken),
        };
    }

    private static void CheckContent(string problem, OciDescriptor expected, ReadOnlySpan<byte> content)
    {
        if (Digest.OfContent(content) is var actual && actual != expected.Digest)
        {
            throw new RegistryException($"{problem} {expected.Digest}: the registry sent {actual}");
        }

        if (content.Length != expected.Size)
        {
            throw new RegistryException($"{problem} {expected.Digest}: it has {content.Length} bytes, and {expected.Size} where it is named");
        }
    }

    private string BlobPath(Digest digest) => $"v2/{Target.Repository}/blobs/{digest}";
}
