using Berth.Images.Layers;

namespace Berth.Engine.Images;

public sealed partial class ImageService
{
    // Guards the count of those who store. Held while what nobody needs is renamed out of the stores, for which they wait; the first to
    // be taken.
    private readonly Lock _stores = new();
    private int _storing;
    private bool _collectLater;

    /// <summary>
    /// Removes what is left of runs of the daemon that were killed. Once at its start, after every container said with
    /// <see cref="AddUse"/> which image it needs; it may run beside everything else.
    /// </summary>
    public async Task CollectAtStartAsync(CancellationToken cancellationToken)
    {
        if (HasUnsynced())
        {
            SyncLater();
        }

        await UnpackMissingAsync(cancellationToken);

        _content.CollectTemporary();
        _content.CollectPartial(_partialAge, _time);
        _layers.CollectTemporary();
        _compressed.Collect();
        RemoveHidden();
        Collect();
    }

    /// <summary>
    /// While the result is held, blobs and layers that no image lists are not collected: they are about to be listed. Disposed
    /// before it was said to be complete, it leaves them to be collected.
    /// </summary>
    private StoreLease BeginStoring()
    {
        lock (_stores)
        {
            _storing++;
        }

        return new StoreLease(this);
    }

    /// <summary>Removes blobs and layers that no image needs; later, where something is being stored just now.</summary>
    /// <param name="removal">Only what its images needed; null: whatever is in the stores.</param>
    private void Collect(ImageRemoval? removal = null)
    {
        List<string> detached;
        lock (_stores)
        {
            if (_storing > 0)
            {
                _collectLater = true;
                return;
            }

            // What an image needs that cannot be read is not known: then nothing goes but what was asked to.
            List<ImageRecord> images;
            lock (_changing)
            {
                // Not one that may still have to be taken back.
                images = [.. Catalog.Images];
            }

            var readable = images.Where(_documents.IsReadable).ToList();
            var all = readable.Count == images.Count && (removal is null || _collectLater);
            _collectLater = false;
            if (!all && removal is null)
            {
                return;
            }

            var blobs = images.SelectMany(i => i.Manifests.Select(m => m.Digest).Append(i.Id)).Concat(readable.SelectMany(_documents.Blobs)).ToHashSet();
            var layers = readable.SelectMany(i => _documents.ChainIds(i.Id)).ToHashSet();
            detached =
            [
                .. (all ? _content.List() : removal!.Blobs.Distinct()).Where(b => !blobs.Contains(b)).Select(_content.Detach).OfType<string>(),
                .. (all ? _layers.List() : removal!.Layers.Distinct()).Where(l => !layers.Contains(l)).Select(_layers.Detach).OfType<string>(),
            ];
        }

        // The long part, outside the lock. Interrupted, the rest is collected at the next start.
        detached.ForEach(LayerStore.Delete);
    }

    private sealed class StoreLease(ImageService service) : IDisposable
    {
        private bool _complete;

        public void Complete() => _complete = true;

        public void Dispose()
        {
            bool collect;
            lock (service._stores)
            {
                service._collectLater |= !_complete;
                collect = --service._storing == 0 && service._collectLater;
            }

            if (collect)
            {
                service.Collect();
            }
        }
    }
}
