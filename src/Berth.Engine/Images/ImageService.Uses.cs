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

    /// <summary>The container is gone. Unknown containers are ignored.</summary>
    public void RemoveUse(string containerId)
    {
        EnsureCatalog();
        lock (_gate)
        {
            if (!_uses.Remove(containerId, out var use)
                || _catalog!.ById(use.ImageId) is not { Removed: true }
                || _uses.Values.Any(u => u.ImageId == use.ImageId))
            {
                return;
            }
        }

        // It was removed with force, and this was the last container that kept it.
        RemoveHidden();
    }

    private void RemoveHidden() => Withdraw((_, removal, uses) => removal.RemoveHidden(uses));
}
