using Berth.Images.Content;
using Berth.Images.Layers;
using Berth.Oci.Images;

namespace Berth.Images.Registry;

/// <summary>
/// Fetches one layer: stored, digested and unpacked while it comes, from where an earlier attempt ended. What was fetched stays on the
/// disk until an image that needs it is complete.
/// </summary>
internal sealed class LayerDownload(
    ContentStore content, LayerStore layers, TransferSlots slots, RegistrySession session, OciDescriptor layer, Task before) : IDisposable
{
    private static readonly TimeSpan _reportInterval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Action<LayerProgress>> _watchers = [];
    private Task<LayerIngest>? _completion;
    private int _leases;
    private bool _closed;
    private bool _taken;
    private long _reportedAt;
    private LayerProgress? _last;

    /// <summary>The layer, or why there is none.</summary>
    public Task<LayerIngest> Completion => _completion ?? throw new InvalidOperationException("the download was not started");

    /// <summary>Nobody uses it or its file any more.</summary>
    public Task Ended => _ended.Task;

    public LayerLease? TryJoin(Action<LayerProgress> report)
    {
        lock (_gate)
        {
            if (_closed || _completion is { IsFaulted: true } or { IsCanceled: true })
            {
                return null;
            }

            _leases++;
            _watchers.Add(report);
            if (_last is { } last)
            {
                report(last);
            }

            return new LayerLease(this, _leases == 1 && _watchers.Count == 1);
        }
    }

    public void Start() => _completion = RunAsync();

    public void Dispose() => _abandoned.Dispose();

    public StagedLayer Take(Action<long> unpacked)
    {
        var ingest = Completion.GetAwaiter().GetResult();
        lock (_gate)
        {
            if (!_taken)
            {
                _taken = true;
                return ingest.TakeLayer();
            }
        }

        using var archive = ingest.Blob.Open();
        return layers.Unpack(archive, unpacked);
    }

    public void Leave()
    {
        lock (_gate)
        {
            if (--_leases > 0)
            {
                return;
            }

            _closed = true;
            _watchers.Clear();
        }

        _abandoned.Cancel();
        _ = Completion.ContinueWith(
            task =>
            {
                if (task.IsCompletedSuccessfully)
                {
                    task.Result.Dispose();
                }

                _ = task.Exception;
                _ended.SetResult();
            },
            CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private async Task<LayerIngest> RunAsync()
    {
        await before;
        if (!slots.TryEnter())
        {
            Report(LayerPhase.Waiting, 0);
            await slots.EnterAsync(_abandoned.Token);
        }

        try
        {
            return await Task.Factory.StartNew(Fetch, _abandoned.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            slots.Leave();
        }
    }

    private LayerIngest Fetch()
    {
        while (true)
        {
            using var writer = content.Resume(layer.Digest, session.Time);
            var known = writer.Present;
            if (known == layer.Size)
            {
                Report(LayerPhase.Complete, known);
            }

            using var remote = new RemoteBlob(session, layer, known, current => Report(LayerPhase.Downloading, current), _abandoned.Token);
            var ingest = LayerIngest.Run(
                remote, writer, layers, current => Report(LayerPhase.Unpacking, current), known < layer.Size ? Check : null);
            if (ingest.Blob.Digest == layer.Digest)
            {
                Report(LayerPhase.Unpacking, layer.Size);
                return ingest;
            }

            ingest.Blob.Reject();
            ingest.Dispose();
            if (known == 0)
            {
                throw new RegistryException(
                    $"filesystem layer verification failed for digest {layer.Digest}: the registry sent {ingest.Blob.Digest}");
            }

            // What an interrupted attempt left may be damaged: once more from the beginning.
        }
    }

    private void Check(PendingBlob blob)
    {
        Report(LayerPhase.Verifying, blob.Size);
        if (blob.Digest == layer.Digest)
        {
            Report(LayerPhase.Complete, blob.Size);
        }
    }

    private void Report(LayerPhase phase, long current)
    {
        lock (_gate)
        {
            // While the archive comes, it is unpacked as fast as it comes: that is not worth two numbers.
            if (phase == LayerPhase.Unpacking && _last?.Phase is LayerPhase.Downloading or LayerPhase.Verifying)
            {
                return;
            }

            var now = session.Time.GetTimestamp();
            if (_last?.Phase == phase && (_last?.Current == current
                || (current < layer.Size && session.Time.GetElapsedTime(_reportedAt, now) < _reportInterval)))
            {
                return;
            }

            _reportedAt = now;
            var progress = new LayerProgress(phase, current);
            _last = progress;
            _watchers.ForEach(watcher => watcher(progress));
        }
    }
}
