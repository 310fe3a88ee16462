using System.Collections.Concurrent;
using Berth.Images;
using Berth.Images.Content;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Engine.Images;

/// <summary>The documents of images, read once: they are named by their digests and cannot change.</summary>
internal sealed class ImageDocuments(ContentStore content, Log log)
{
    private readonly ConcurrentDictionary<Digest, (OciImage Image, IReadOnlyList<Digest> ChainIds)> _images = new();
    private readonly ConcurrentDictionary<Digest, OciManifest> _manifests = new();
    private readonly ConcurrentDictionary<Digest, bool> _unreadable = new();

    public OciImage Image(Digest id) => Read(id).Image;

    /// <summary>The addresses of an image's stacks of layers, bottom first.</summary>
    public IReadOnlyList<Digest> ChainIds(Digest id) => Read(id).ChainIds;

    public OciManifest Manifest(Digest digest) =>
        _manifests.GetOrAdd(digest, d => content.Read(d, OciImageJson.Default.OciManifest));

    /// <summary>Everything in the content store that an image needs.</summary>
    public IEnumerable<Digest> Blobs(ImageRecord image) =>
        image.Manifests.SelectMany(m => Manifest(m.Digest).Layers.Select(l => l.Digest).Append(m.Digest)).Append(image.Id);

    /// <summary>
    /// Whether all documents of an image can be read. One whose documents cannot is said once; it must not keep others from being listed,
    /// used or removed.
    /// </summary>
    public bool IsReadable(ImageRecord image)
    {
        try
        {
            Read(image.Id);
            foreach (var manifest in image.Manifests)
            {
                Manifest(manifest.Digest);
            }

            return true;
        }
        catch (Exception e) when (e is ImageStoreException or IOException or UnauthorizedAccessException)
        {
            if (_unreadable.TryAdd(image.Id, true))
            {
                log.Warning(
                    "images: an image cannot be read and is left out: remove it, then pull or load it again",
                    ("image", image.Id), ("names", string.Join(", ", image.Names.Keys)), ("reason", e.Message));
            }

            return false;
        }
    }

    public void Forget(ImageRecord image)
    {
        _images.TryRemove(image.Id, out _);
        _unreadable.TryRemove(image.Id, out _);
        foreach (var manifest in image.Manifests)
        {
            _manifests.TryRemove(manifest.Digest, out _);
        }
    }

    private (OciImage Image, IReadOnlyList<Digest> ChainIds) Read(Digest id) => _images.GetOrAdd(id, i =>
    {
        var image = content.Read(i, OciImageJson.Default.OciImage);
        return (image, ChainId.OfLayers(image.Rootfs.DiffIds));
    });
}
