using Berth.Images.Content;
using Berth.Images.Layers;
using Berth.Oci;

namespace Berth.Images.Registry;

/// <summary>One pull's share in the download of a layer. Disposed by all who have one, the download ends and what it made is gone.</summary>
public sealed class LayerLease : IDisposable
{
    private readonly LayerDownload _download;
    private bool _disposed;

    internal LayerLease(LayerDownload download, bool isFirst)
    {
        _download = download;
        IsFirst = isFirst;
    }

    /// <summary>The download runs with this pull's own session; what it fails for is not another's fault.</summary>
    public bool IsFirst { get; }

    /// <summary>The archive, once it is complete; its digest was checked.</summary>
    /// <param name="size">What the manifest says of it.</param>
    /// <param name="diffId">The digest of the uncompressed archive that the image names.</param>
    /// <exception cref="RegistryException">It cannot be had, or is not what its digests say.</exception>
    /// <exception cref="ImageStoreException">It cannot be unpacked.</exception>
    public async Task<PendingBlob> CompleteAsync(long size, Digest diffId, CancellationToken cancellationToken)
    {
        var ingest = await _download.Completion.WaitAsync(cancellationToken);
        try
        {
            return ingest.Blob.Size != size ? throw new ImageStoreException($"it has {ingest.Blob.Size} bytes, and {size} in the manifest")
                : ingest.DiffId != diffId ? throw StagedLayer.Unexpected(diffId, ingest.DiffId)
                : ingest.Blob;
        }
        catch (ImageStoreException)
        {
            // It came as it is on the registry: to go on with it another time would end here once more.
            ingest.Blob.Reject();
            throw;
        }
    }

    /// <summary>The unpacked layer of a download that is complete: as it was unpacked while it came, or once more for a second who asks.</summary>
    /// <param name="unpacked">Told how many bytes of the archive were unpacked, where that is done now.</param>
    public StagedLayer Take(Action<long> unpacked) => _download.Take(unpacked);

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _download.Leave();
        }
    }
}
