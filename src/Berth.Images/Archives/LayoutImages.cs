using System.Runtime.InteropServices;
using Berth.Images.Content;
using Berth.Images.Layers;
using Berth.Images.Registry;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Images.Archives;

/// <summary>The images of an OCI image layout; their manifests are kept as they are.</summary>
internal sealed class LayoutImages(ContentStore content, LayerStore layers, ArchiveFiles files)
{
    public async Task<IReadOnlyList<StoredImage>> StoreAsync(OciIndex index)
    {
        var images = new List<StoredImage>();
        try
        {
            foreach (var entry in index.Manifests)
            {
                images.Add(await StoreAsync(FindManifest(entry, 0), NamesOf(entry)));
            }
        }
        catch (RegistryException e)
        {
            throw new ImageStoreException($"invalid archive: {e.Message}", e);
        }

        return images;
    }

    private async Task<StoredImage> StoreAsync(RemoteManifest found, IReadOnlyList<ImageReference> names)
    {
        var manifest = found.ReadManifest();
        var image = files.ReadDocument(ImageLayout.PathOf(manifest.Config), OciImageJson.Default.OciImage)
            ?? throw new ImageStoreException($"invalid archive: {manifest.Config.Digest} is missing");
        await new ImageLayers(layers, files).StoreAsync(image, [.. manifest.Layers.Select(ImageLayout.PathOf)]);
        foreach (var blob in manifest.Layers.Append(manifest.Config).Append(found.Descriptor))
        {
            StoreChecked(blob);
        }

        return new StoredImage(manifest.Config.Digest, found.Descriptor, names);
    }

    // A manifest, or the one of an index that is for this machine; an archive often holds only one of those that its index lists.
    private RemoteManifest FindManifest(OciDescriptor entry, int depth)
    {
        var document = RemoteManifest.Parse(
            entry.MediaType, files.ReadDocument(ImageLayout.PathOf(entry)) ?? throw new ImageStoreException($"invalid archive: {entry.Digest} is missing"));
        if (document.Digest != entry.Digest)
        {
            throw new ImageStoreException($"invalid archive: the content of {entry.Digest} has the digest {document.Digest}");
        }

        if (!document.IsIndex)
        {
            return document;
        }

        var architecture = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64";
        var found = document.ReadIndex().Manifests
            .Where(m => files.Exists(ImageLayout.PathOf(m)) && m.Platform is not { Os: "unknown" })
            .OrderByDescending(m => m.Platform is { Os: "linux" } p && p.Architecture == architecture)
            .FirstOrDefault();
        return found is not null && depth < RemoteManifest.DepthMax
            ? FindManifest(found, depth + 1)
            : throw new ImageStoreException($"invalid archive: {entry.Digest} has no manifest for linux/{architecture}");
    }

    private void StoreChecked(OciDescriptor blob)
    {
        var (digest, _) = files.Store(ImageLayout.PathOf(blob));
        if (digest != blob.Digest || !content.Exists(digest))
        {
            throw new ImageStoreException($"invalid archive: the content of {blob.Digest} has the digest {digest}");
        }
    }

    private static List<ImageReference> NamesOf(OciDescriptor entry)
    {
        var text = entry.Annotations?.GetValueOrDefault(ImageLayout.ContainerdName) ?? entry.Annotations?.GetValueOrDefault(ImageLayout.RefName);
        return text is not null && text.AsSpan().ContainsAny('/', ':') && ImageReference.TryParse(text, out var name) && name.Digest is null
            ? [name.WithDefaultTag()]
            : [];
    }
}
