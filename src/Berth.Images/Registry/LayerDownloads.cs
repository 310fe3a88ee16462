using Berth.Images.Content;
using Berth.Images.Layers;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Images.Registry;

/// <summary>The layers that are being fetched: each once, however many pulls want it, and a few at a time.</summary>
public sealed class LayerDownloads(ContentStore content, LayerStore layers, RegistryClient client)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Digest, LayerDownload> _running = [];
    private readonly TransferSlots _slots = new(() => client.Settings.ParallelDownloads);

    /// <summary>Begins to fetch a layer, or joins those who wait for it. It goes on until all of them have disposed what they got.</summary>
    /// <param name="report">Called from other threads, also before this returns.</param>
    /// <returns>Null where the store has the blob: whoever fetched it has just committed it.</returns>
    public LayerLease? Join(RegistrySession session, OciDescriptor layer, Action<LayerProgress> report)
    {
        lock (_gate)
        {
            var known = _running.GetValueOrDefault(layer.Digest);
            if (known?.TryJoin(report) is { } joined)
            {
                return joined;
            }

            if (content.Exists(layer.Digest))
            {
                return null;
            }

            // One that everybody left may still be closing its file.
            var download = new LayerDownload(content, layers, _slots, session, layer, known?.Ended ?? Task.CompletedTask);
            _running[layer.Digest] = download;
            var lease = download.TryJoin(report) ?? throw new InvalidOperationException("a new download takes everybody");
            download.Start();
            _ = download.Ended.ContinueWith(_ => Forget(layer.Digest, download), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return lease;
        }
    }

    private void Forget(Digest digest, LayerDownload download)
    {
        lock (_gate)
        {
            if (_running.GetValueOrDefault(digest) == download)
            {
                _running.Remove(digest);
            }
        }

        download.Dispose();
    }
}
