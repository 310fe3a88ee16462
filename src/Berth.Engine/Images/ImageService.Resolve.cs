using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>Finds an image by name, id or the beginning of an id.</summary>
    /// <exception cref="EngineException">No such image; or the name is malformed.</exception>
    public Task<ResolvedImage> ResolveAsync(string nameOrId, CancellationToken cancellationToken) =>
        ResolveAsync(Find(nameOrId), cancellationToken);

    /// <summary>Finds the image of a container that exists: also one that was removed since with force.</summary>
    public Task<ResolvedImage> ResolveAsync(Digest imageId, CancellationToken cancellationToken) =>
        ResolveAsync(Catalog.ById(imageId) ?? throw ImageErrors.NoSuchImage(imageId.ToString()), cancellationToken);

    private async Task<ResolvedImage> ResolveAsync(ImageRecord record, CancellationToken cancellationToken)
    {
        var image = await _content.ReadAsync(record.Id, OciImageJson.Default.OciImage, cancellationToken);
        return new ResolvedImage
        {
            Id = record.Id,
            Image = image,
            LowerDirectories = [.. ChainId.OfLayers(image.Rootfs.DiffIds).Reverse().Select(_layers.DirectoryOf)],
        };
    }

    // Docker's order: a complete id, a name, the beginning of an id.
    private ImageRecord Find(string nameOrId)
    {
        var catalog = Catalog;
        if (Digest.TryParse(nameOrId, out var id) || Digest.TryParse($"sha256:{nameOrId}", out id))
        {
            return catalog.ById(id) is { Removed: false } found ? found : throw ImageErrors.NoSuchImage(id.ToString());
        }

        var prefix = nameOrId.StartsWith("sha256:", StringComparison.Ordinal) ? nameOrId["sha256:".Length..] : nameOrId;
        var byPrefix = prefix.Length > 0 && prefix.All(char.IsAsciiHexDigitLower) ? catalog.ByPrefix(prefix) : null;
        if (ImageReference.TryParse(nameOrId, out var name, out var problem))
        {
            return catalog.ByName(name) ?? byPrefix ?? throw ImageErrors.NoSuchImage(nameOrId);
        }

        return byPrefix ?? throw ImageErrors.InvalidReference(problem);
    }
}
