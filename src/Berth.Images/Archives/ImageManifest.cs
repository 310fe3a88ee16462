using Berth.Archives.Streams;
using Berth.Images.Content;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Images.Archives;

/// <summary>The manifest of an image that came without one, or that was made here.</summary>
public static class ImageManifest
{
    public static StoredImage Store(
        ContentStore content,
        OciDescriptor config,
        IReadOnlyList<OciDescriptor> layers,
        IReadOnlyList<ImageReference> names)
    {
        var manifest = new OciManifest { MediaType = MediaTypes.OciManifest, Config = config, Layers = layers };
        return new StoredImage(config.Digest, content.Write(manifest, OciImageJson.Default.OciManifest, MediaTypes.OciManifest), names);
    }

    public static string LayerMediaType(Compression compression) => compression switch
    {
        Compression.None => MediaTypes.OciLayer,
        Compression.Gzip => MediaTypes.OciLayerGzip,
        Compression.Zstd => MediaTypes.OciLayerZstd,
        _ => throw new ImageStoreException($"{compression} compression of layers is not supported"),
    };
}
