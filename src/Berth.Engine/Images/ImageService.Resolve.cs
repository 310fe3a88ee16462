using Berth.Oci;

namespace Berth.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>Finds an image by name, id or the beginning of an id.</summary>
    /// <exception cref="EngineException">No such image; or the name is malformed.</exception>
    public async Task<ResolvedImage> ResolveAsync(string nameOrId, CancellationToken cancellationToken)
    {
        if (HelloImage.IsNamed(nameOrId))
        {
            await EnsureHelloAsync(cancellationToken);
        }

        return await ResolveAsync(Find(nameOrId), cancellationToken);
    }

    /// <summary>Finds the image of a container that exists: also one that was removed since with force.</summary>
    public Task<ResolvedImage> ResolveAsync(Digest imageId, CancellationToken cancellationToken) =>
        ResolveAsync(Catalog.ById(imageId) ?? throw ImageErrors.NoSuchImage(imageId.ToString()), cancellationToken);

    private async Task<ResolvedImage> ResolveAsync(ImageRecord record, CancellationToken cancellationToken)
    {
        var image = _documents.Image(record.Id);
        var chain = _documents.ChainIds(record.Id);
        await UnpackAsync(record, chain, cancellationToken);
        return new ResolvedImage { Id = record.Id, Image = image, LowerDirectories = _layers.LowerDirectories(chain) };
    }

    // Layers are unpacked when an image is stored. They are missing where another program put the image into the layout, or where
    // somebody removed them to make room.
    private async Task UnpackAsync(ImageRecord record, IReadOnlyList<Digest> chain, CancellationToken cancellationToken)
    {
        if (chain.All(_layers.Contains))
        {
            return;
        }

        using var lease = BeginStoring();
        var diffIds = _documents.Image(record.Id).Rootfs.DiffIds;
        var blobs = _documents.Manifest(record.Manifest.Digest).Layers;
        for (var i = 0; i < chain.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var number = i;
            await _layers.EnsureAsync(chain[i], [.. chain.Take(i)], () =>
            {
                using var archive = _content.Open(blobs[number].Digest);
                return _layers.Unpack(archive).Expect(diffIds[number]);
            });
        }

        SyncLater();
        lease.Complete();
    }

    /// <summary>Whether a name, an id or the beginning of one stands for this image now.</summary>
    public bool IsNameOf(string nameOrId, Digest imageId)
    {
        var catalog = Catalog;
        return ImageReference.TryParse(nameOrId, out var name, out _) && catalog.ByName(name) is { } named
            ? named.Id == imageId
            : nameOrId.Length > 0 && catalog.ById(imageId) is { } image && IsIdOf(image, nameOrId);
    }

    // Docker's order: a complete id, a name, the beginning of an id.
    private ImageRecord Find(string nameOrId) => Find(Catalog, nameOrId);

    private static ImageRecord Find(ImageCatalog catalog, string nameOrId)
    {
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
