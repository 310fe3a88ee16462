using Berth.Images.Layers;
using Berth.Oci.Images;

namespace Berth.Images.Archives;

/// <summary>Puts the layers of one image of an archive into the stores.</summary>
internal sealed class ImageLayers(LayerStore layers, ArchiveFiles files)
{
    /// <param name="paths">The layers' archives, bottom first.</param>
    /// <returns>What a manifest says about them.</returns>
    public async Task<IReadOnlyList<OciDescriptor>> StoreAsync(OciImage image, IReadOnlyList<string> paths)
    {
        var diffIds = image.Rootfs.DiffIds;
        if (paths.Count != diffIds.Count)
        {
            throw new ImageStoreException($"invalid manifest, layers length mismatch: expected {diffIds.Count}, got {paths.Count}");
        }

        if (diffIds.Count > LayerStore.StackMax)
        {
            throw new ImageStoreException($"max depth exceeded: {diffIds.Count} layers");
        }

        var chain = ChainId.OfLayers(diffIds);
        var descriptors = new List<OciDescriptor>();
        for (var i = 0; i < paths.Count; i++)
        {
            var (path, number) = (paths[i], i);
            var (digest, size) = files.Store(path);
            descriptors.Add(new OciDescriptor
            {
                MediaType = ImageManifest.LayerMediaType(files.CompressionOf(path)),
                Digest = digest,
                Size = size,
            });
            await layers.EnsureAsync(chain[i], [.. chain.Take(i)], () => files.TakeLayer(path).Expect(diffIds[number]));
        }

        return descriptors;
    }
}
