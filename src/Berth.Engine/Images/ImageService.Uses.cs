using Berth.Images;
using Berth.Oci;

namespace Berth.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>
    /// Says that a container needs an image; said again for the same container, it replaces what was said before (it was started,
    /// stopped, renamed). Throws "No such image" where the image was removed in the meantime.
    /// </summary>
    public void AddUse(Digest imageId, string containerId, string containerName, bool running)
    {
        EnsureCatalog();
        lock (_gate)
        {
            if (_catalog!.ById(imageId) is null)
            {
                throw ImageErrors.NoSuchImage(imageId.ToString());
            }

            _uses[containerId] = new ImageUse(imageId, containerId, containerName, running);
        }
    }

    /// <summary>Says that a container needs an image, and that nobody can tell which: until it is gone no content of any is removed.</summary>
    public void AddUnknownUse(string containerId)
    {
        lock (_gate)
        {
            _unknownUses.Add(containerId);
        }
    }

    /// <summary>The image whose topmost layer has this address; null where there is none.</summary>
    public Digest? TryFindByTopLayer(Digest chainId)
    {
        try
        {
            return Catalog.Images.FirstOrDefault(i => _documents.ChainIds(i.Id) is [.., var top] && top == chainId)?.Id;
        }
        catch (ImageStoreException e)
        {
            _log.Warning("images: a container's image is not found", ("layer", chainId), ("error", e.Message));
            return null;
        }
    }

    /// <summary>The container is gone. Unknown containers are ignored.</summary>
    public void RemoveUse(string containerId)
    {
        EnsureCatalog();
        bool wasUnknown;
        lock (_gate)
        {
            wasUnknown = _unknownUses.Remove(containerId);
            if (!wasUnknown && (!_uses.Remove(containerId, out var use)
                || _catalog!.ById(use.ImageId) is not { Removed: true }
                || _uses.Values.Any(u => u.ImageId == use.ImageId)))
            {
                return;
            }
        }

        if (wasUnknown)
        {
            Collect();
            return;
        }

        // It was removed with force, and this was the last container that kept it.
        RemoveHidden();
    }

    private bool HasUnknownUse
    {
        get
        {
            lock (_gate)
            {
                return _unknownUses.Count > 0;
            }
        }
    }

    private void RemoveHidden() => Withdraw((_, removal, uses) => removal.RemoveHidden(uses));
}
