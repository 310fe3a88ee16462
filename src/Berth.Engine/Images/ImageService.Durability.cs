using Berth.Images;
using Berth.Images.Layers;
using Berth.Linux;
using Berth.Oci;

namespace Berth.Engine.Images;

/// <summary>What nobody waits for when an image is stored: that it is on the disk. docs/decisions/image-durability.md</summary>
public sealed partial class ImageService
{
    // One sync for images that come one after the other; and one that is removed at once is never written at all.
    private static readonly TimeSpan _syncDelay = TimeSpan.FromSeconds(5);

    private readonly ITimer _syncTimer;
    private readonly Lock _syncing = new();
    private bool _syncPending;
    private bool _recovered;

    /// <summary>Brings to the disk what is not there yet. For the end of the daemon; while it runs, this happens by itself.</summary>
    public void SyncPending()
    {
        bool pending;
        lock (_gate)
        {
            pending = _syncPending;
        }

        if (pending)
        {
            Sync();
        }
    }

    private void SyncLater()
    {
        lock (_gate)
        {
            if (!_syncPending)
            {
                _syncPending = true;
                _syncTimer.Change(_syncDelay, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Sync()
    {
        lock (_syncing)
        {
            lock (_gate)
            {
                _syncPending = false;
            }

            try
            {
                _content.Sync();
                _layers.Sync();
            }
            catch (Exception e) when (e is LinuxException or IOException)
            {
                // They stay unsynced in the records, and are checked if the power fails. The next change tries again.
                _log.Warning("images: could not be brought to the disk", ("error", e.Message));
            }
        }
    }

    /// <summary>Whether a process before this one stored what is not yet known to be on the disk.</summary>
    private bool HasUnsynced() => _content.Unsynced().Count > 0 || _layers.Unsynced().Count > 0;

    private ImageCatalog ReadCatalog()
    {
        var catalog = ImageCatalog.FromIndex(_content.ReadIndex(), ReadImageId);
        return _content.IsOfThisBoot && _layers.IsOfThisBoot ? catalog : Recover(catalog);
    }

    /// <summary>
    /// After a power failure: what was not on the disk may be empty, cut off or full of zeros. Blobs are compared with their digests;
    /// layers are taken away, as a tree has no digest, and unpacked again from their blobs. An image that lacks a blob is none any more.
    /// </summary>
    private ImageCatalog Recover(ImageCatalog catalog)
    {
        var damaged = _content.Unsynced().AsParallel().Where(b => !_content.Verify(b)).ToHashSet();
        foreach (var blob in damaged)
        {
            _log.Warning("images: a blob was damaged when the machine went down", ("blob", blob));
            _content.Remove(blob);
        }

        // Out of sight at once; the rest takes its time.
        var detached = _layers.Unsynced().Select(_layers.Detach).OfType<string>().ToList();
        OwnThread.Run(() => detached.ForEach(LayerStore.Delete));

        var whole = catalog;
        foreach (var image in catalog.Images)
        {
            if (WhatIsMissing(image) is { } missing)
            {
                whole = whole.Without(image.Id);
                _documents.Forget(image);
                _log.Warning(
                    "images: an image was damaged when the machine went down, and is removed: pull or load it again",
                    ("image", image.Id), ("names", string.Join(", ", image.Names.Keys)), ("reason", missing));
            }
        }

        if (!ReferenceEquals(whole, catalog))
        {
            _writes.Do("the list of images", () => _content.WriteIndex((_catalog ?? whole).ToIndex()));
        }

        _recovered = true;
        _writes.Do("what is known of images on the disk", _content.BeginBoot);
        _writes.Do("what is known of layers on the disk", _layers.BeginBoot);
        SyncLater();
        return whole;
    }

    private string? WhatIsMissing(ImageRecord image)
    {
        try
        {
            _documents.Image(image.Id);
            Digest? missing = _documents.Blobs(image).Where(b => !_content.Exists(b)).Select(b => (Digest?)b).FirstOrDefault();
            return missing is null ? null : $"blob {missing} is missing";
        }
        catch (ImageStoreException e)
        {
            if (image.Manifests.Select(m => m.Digest).Append(image.Id).All(_content.Verify))
            {
                // It is what it always was: no power failure has made it unreadable.
                _log.Error("images: an image cannot be read, and is kept", ("image", image.Id), ("error", e.Message));
                return null;
            }

            return e.Message;
        }
    }

    /// <summary>Unpacks again what <see cref="Recover"/> took away, so that the first container need not wait for it.</summary>
    private async Task UnpackMissingAsync(CancellationToken cancellationToken)
    {
        var images = Catalog.Images.ToList();
        foreach (var image in _recovered ? images : [])
        {
            try
            {
                await UnpackAsync(image, _documents.ChainIds(image.Id), cancellationToken);
            }
            catch (Exception e) when (e is ImageStoreException or LinuxException or IOException)
            {
                _log.Warning("images: a layer could not be unpacked", ("image", image.Id), ("error", e.Message));
            }
        }
    }
}
