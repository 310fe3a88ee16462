using Berth.Images.Layers;

namespace Berth.Engine.Images;

public sealed partial class ImageService
{
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
        lock (_gate)
        {
            var used = _uses.Values.Select(u => u.ImageId).ToHashSet();
            Update(catalog => catalog.Images.Where(i => i.Removed && !used.Contains(i.Id)).Aggregate(catalog, (c, i) => c.Without(i.Id)));
        }

        Collect();
    }

    /// <summary>
    /// While the result is held, blobs and layers that no image lists are not collected: they are about to be listed. Disposed
    /// before it was said to be complete, it leaves them to be collected.
    /// </summary>
    private StoreLease BeginStoring()
    {
        lock (_gate)
        {
            _storing++;
        }

        return new StoreLease(this);
    }

    /// <summary>Removes blobs and layers that no image needs; later, where something is being stored just now.</summary>
    private void Collect()
    {
        var detached = new List<string>();
        lock (_gate)
        {
            if (_storing > 0)
            {
                _collectLater = true;
                return;
            }

            _collectLater = false;
            var blobs = Catalog.Images.SelectMany(_documents.Blobs).ToHashSet();
            var layers = Catalog.Images.SelectMany(i => _documents.ChainIds(i.Id)).ToHashSet();
            foreach (var blob in _content.List().Where(b => !blobs.Contains(b)))
            {
                _content.Remove(blob);
            }

            foreach (var layer in _layers.List().Where(l => !layers.Contains(l)))
            {
                if (_layers.Detach(layer) is { } path)
                {
                    detached.Add(path);
                }
            }
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
            lock (service._gate)
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
