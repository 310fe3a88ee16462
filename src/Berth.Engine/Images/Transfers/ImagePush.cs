using System.Text.Json;
using Berth.Api.Images;
using Berth.Api.Registry;
using Berth.Images.Content;
using Berth.Images.Registry;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Engine.Images.Transfers;

/// <summary>Sends images to one repository of a registry, byte for byte as they are in the store.</summary>
/// <param name="mountSource">A repository of the same registry that may have a blob already; null: none is known.</param>
internal sealed class ImagePush(ContentStore content, RegistrySession session, Func<Digest, string?> mountSource, TransferSlots slots, TransferReport report, TimeProvider time)
{
    private static readonly TimeSpan _reportInterval = TimeSpan.FromMilliseconds(100);

    // What this push has seen there, for the next of several tags.
    private readonly HashSet<Digest> _there = [];

    public async Task RunAsync(
        string tag, OciDescriptor descriptor, OciManifest manifest, IReadOnlyList<Digest> diffIds, CancellationToken cancellationToken)
    {
        // The top first, and a blob that is in several places once.
        var layers = manifest.Layers.Zip(diffIds).Reverse().DistinctBy(l => l.First.Digest).ToList();
        foreach (var (_, diffId) in layers)
        {
            report.Say(diffId, "Preparing");
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await AllAsync(layers.Select(l => PushLayerAsync(l.First, l.Second, stop.Token)), stop);
        if (!await session.HasBlobAsync(manifest.Config.Digest, cancellationToken))
        {
            await session.PutBlobAsync(manifest.Config, () => content.Open(manifest.Config.Digest), null, _ => { }, cancellationToken);
        }

        var document = new byte[descriptor.Size];
        await using (var file = content.Open(descriptor.Digest))
        {
            await file.ReadExactlyAsync(document, cancellationToken);
        }

        await session.PutManifestAsync(tag, RemoteManifest.Parse(descriptor.MediaType, document), cancellationToken);
        report.Say(FormattableString.Invariant($"{tag}: digest: {descriptor.Digest} size: {descriptor.Size}"));
        report.Say(new ProgressMessage
        {
            ProgressDetail = new ProgressDetail(),
            Aux = JsonSerializer.SerializeToElement(new PushedImage(tag, descriptor.Digest.ToString(), descriptor.Size), RegistryJson.Default.PushedImage),
        });
    }

    // The first failure ends the others, and is the one that is told.
    private static async Task AllAsync(IEnumerable<Task> all, CancellationTokenSource stop)
    {
        var running = all.ToList();
        while (running.Count > 0)
        {
            var ended = await Task.WhenAny(running);
            running.Remove(ended);
            if (!ended.IsCompletedSuccessfully)
            {
                await stop.CancelAsync();
                await Task.WhenAny(Task.WhenAll(running));
                await ended;
            }
        }
    }

    private async Task PushLayerAsync(OciDescriptor blob, Digest diffId, CancellationToken cancellationToken)
    {
        await Task.Yield();
        if (!slots.TryEnter())
        {
            report.Say(diffId, "Waiting");
            await slots.EnterAsync(cancellationToken);
        }

        try
        {
            if (IsThere(blob.Digest) || await session.HasBlobAsync(blob.Digest, cancellationToken))
            {
                report.Say(diffId, "Layer already exists");
            }
            else
            {
                var source = mountSource(blob.Digest);
                var mounted = await session.PutBlobAsync(blob, () => content.Open(blob.Digest), source, Progress(blob, diffId), cancellationToken);
                report.Say(diffId, mounted ? $"Mounted from {source}" : "Pushed");
            }

            lock (_there)
            {
                _there.Add(blob.Digest);
            }
        }
        finally
        {
            slots.Leave();
        }
    }

    private bool IsThere(Digest blob)
    {
        lock (_there)
        {
            return _there.Contains(blob);
        }
    }

    private Action<long> Progress(OciDescriptor blob, Digest diffId)
    {
        long? told = null;
        return current =>
        {
            var now = time.GetTimestamp();
            if (current == blob.Size || told is null || time.GetElapsedTime(told.Value, now) >= _reportInterval)
            {
                told = now;
                report.Say(diffId, "Pushing", current, blob.Size);
            }
        };
    }
}
