namespace Berth.Engine.Images;

public sealed partial class ImageService
{
    private Task? _storingHello;

    /// <summary>Puts the built-in image into the store where it is not there; it may have been removed.</summary>
    /// <returns>Whether it was not there.</returns>
    private async Task<bool> EnsureHelloAsync(CancellationToken cancellationToken)
    {
        if (Catalog.ByName(HelloImage.Name) is not null)
        {
            return false;
        }

        Task storing;
        lock (_gate)
        {
            // One stores it for all who ask, hence without anybody's cancellation.
            storing = _storingHello ??= StoreHelloAsync();
        }

        await storing.WaitAsync(cancellationToken);
        return true;
    }

    private async Task StoreHelloAsync()
    {
        await Task.Yield();
        try
        {
            using var layer = HelloImage.OpenLayer();
            await StoreOneLayerAsync(layer, HelloImage.Image, HelloImage.Name, CancellationToken.None);
        }
        finally
        {
            lock (_gate)
            {
                _storingHello = null;
            }
        }
    }
}
