using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Images.Registry;

/// <summary>A manifest or an index as a registry sent it: its bytes, which its digest names, and what kind it is.</summary>
/// <param name="MediaType">One of the four that are known.</param>
/// <param name="Digest">Of the bytes that came.</param>
public sealed record RemoteManifest(string MediaType, Digest Digest, ReadOnlyMemory<byte> Content)
{
    /// <summary>An index may list indexes; nobody nests them deeper than this.</summary>
    public const int DepthMax = 4;

    public OciDescriptor Descriptor => new() { MediaType = MediaType, Digest = Digest, Size = Content.Length };

    public bool IsIndex => MediaTypes.IsIndex(MediaType);

    /// <summary>A manifest that is made here.</summary>
    public static RemoteManifest Of(OciManifest manifest, string mediaType)
    {
        var content = OciDocument.ToBytes(manifest, OciImageJson.Default.OciManifest);
        return new RemoteManifest(mediaType, Digest.OfContent(content), content);
    }

    /// <summary>Checks that a document is one thing only: the same bytes must not mean different images to different readers (CVE-2021-41190).</summary>
    /// <param name="contentType">What the registry says that it is.</param>
    /// <exception cref="RegistryException">It is not a manifest, or more than one thing.</exception>
    public static RemoteManifest Parse(string? contentType, byte[] content)
    {
        var digest = Digest.OfContent(content);
        try
        {
            using var document = JsonDocument.Parse(content);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new RegistryException($"invalid manifest {digest}: it is no object");
            }

            // Go's readers take names in any case, and the last of several.
            var names = document.RootElement.EnumerateObject().Select(p => p.Name).ToList();
            if (names.Distinct(StringComparer.OrdinalIgnoreCase).Count() != names.Count)
            {
                throw new RegistryException($"invalid manifest {digest}: it says the same thing twice");
            }

            var told = document.RootElement.TryGetProperty("mediaType", out var type) ? type.GetString() : null;
            if (document.RootElement.TryGetProperty("schemaVersion", out var version) && version.TryGetInt32(out var number) && number == 1)
            {
                throw new RegistryException(
                    $"manifest {digest} has schema version 1, which no current engine reads: push the image again with a current one");
            }

            var isIndex = Has(names, "manifests");
            var isManifest = Has(names, "config") || Has(names, "layers") || Has(names, "fsLayers") || Has(names, "history");
            if (isIndex == isManifest)
            {
                throw new RegistryException(
                    isIndex ? $"invalid manifest {digest}: it is an index and a manifest at once" : $"invalid manifest {digest}: it is neither an index nor a manifest");
            }

            var mediaType = contentType is not null && IsKnown(contentType) ? contentType
                : told is not null && IsKnown(told) ? told
                : contentType is null or "" or "application/json" or "text/plain" && told is null
                    ? isIndex ? MediaTypes.OciIndex : MediaTypes.OciManifest
                : throw new RegistryException($"unsupported manifest media type {told ?? contentType} of {digest}");
            return (told is null || told == mediaType) && MediaTypes.IsIndex(mediaType) == isIndex
                ? new RemoteManifest(mediaType, digest, content)
                : throw new RegistryException(
                    $"invalid manifest {digest}: sent as {contentType}, it says that it is {told ?? (isIndex ? "an index" : "a manifest")}");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new RegistryException($"invalid manifest {digest}: {JsonFault.Describe(e)}", cause: e);
        }
    }

    public OciManifest ReadManifest() => Read(Content.Span, Digest, OciImageJson.Default.OciManifest);

    public OciIndex ReadIndex() => Read(Content.Span, Digest, OciImageJson.Default.OciIndex);

    /// <summary>Reads a document that a registry sent.</summary>
    public static T Read<T>(ReadOnlySpan<byte> content, Digest digest, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(content, type) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new RegistryException($"{digest} is not a valid document: {JsonFault.Describe(e)}", cause: e);
        }
    }

    private static bool Has(List<string> names, string name) => names.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static bool IsKnown(string mediaType) => MediaTypes.IsIndex(mediaType) || MediaTypes.IsManifest(mediaType);
}
