using System.Collections.Concurrent;
using System.Text.Json;
using Berth.Api.Images;
using Berth.Api.Registry;
using Berth.Images.Content;
using Berth.Images.Registry;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Engine.Images.Transfers;

/// <summary>Sends images to one repository of a registry: as they are in the store, but for layers that lie there uncompressed.</summary>
/// <param name="mountSource">A repository of the same registry that may have a blob already; null: none is known.</param>
internal sealed class ImagePush(
    ContentStore content,
    CompressedLayers compressed,
    RegistrySession session,
    Func<Digest, string?> mountSource,
    TransferSlots slots,
    TransferReport report)
{
    // What layers of ours are on the registry, for the manifest and for the next of several tags.
    private readonly ConcurrentDictionary<Digest, OciDescriptor> _sent = new();

    /// <param name="asItIs">The registry's digest of it is known to people: nothing is compressed that is not.</param>
    /// <returns>The manifest as the registry has it.</returns>
    public async Task<OciDescriptor> RunAsync(
        string tag, OciDescriptor descriptor, OciManifest manifest, IReadOnlyList<Digest> diffIds, bool asItIs, CancellationToken cancellationToken)
    {
        // The top first, and a blob that is in several places once.
        var layers = manifest.Layers.Zip(diffIds).Reverse().DistinctBy(l => l.First.Digest).ToList();
        foreach (var (_, diffId) in layers)
        {
            report.Say(diffId, "Preparing");
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await AllAsync(layers.Select(l => PushLayerAsync(l.First, l.Second, asItIs, stop.Token)), stop);
        if (!await session.HasBlobAsync(manifest.Config.Digest, cancellationToken))
        {
            await session.PutBlobAsync(manifest.Config, () => content.Open(manifest.Config.Digest), null, _ => { }, cancellationToken);
        }

        var sent = manifest.Layers.Select(l => _sent[l.Digest]).ToList();
        var document = sent.Select(l => l.Digest).SequenceEqual(manifest.Layers.Select(l => l.Digest))
            ? RemoteManifest.Parse(descriptor.MediaType, await ReadAsync(descriptor, cancellationToken))
            : RemoteManifest.Of(manifest with { Layers = sent }, descriptor.MediaType);
        await session.PutManifestAsync(tag, document, cancellationToken);
        report.Say(FormattableString.Invariant($"{tag}: digest: {document.Digest} size: {document.Content.Length}"));
        report.Say(new ProgressMessage
        {
            ProgressDetail = new ProgressDetail(),
            Aux = JsonSerializer.SerializeToElement(new PushedImage(tag, document.Digest.ToString(), document.Content.Length), RegistryJson.Default.PushedImage),
        });
        return document.Descriptor;
    }

    private async Task<byte[]> ReadAsync(OciDescriptor descriptor, CancellationToken cancellationToken)
    {
        var document = new byte[descriptor.Size];
        await using var file = content.Open(descriptor.Digest);
        await file.ReadExactlyAsync(document, cancellationToken);
        return document;
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

    private async Task PushLayerAsync(OciDescriptor blob, Digest diffId, bool asItIs, CancellationToken cancellationToken)
    {
        await Task.Yield();
        if (_sent.ContainsKey(blob.Digest))
        {
            report.Say(diffId, "Layer already exists");
            return;
        }

        if (!slots.TryEnter())
        {
            report.Say(diffId, "Waiting");
            await slots.EnterAsync(cancellationToken);
        }

        try
        {
            _sent[blob.Digest] = asItIs || !CompressedLayers.IsUncompressed(blob)
                ? await PushAsync(blob, diffId, mountSource(blob.Digest), () => content.Open(blob.Digest), cancellationToken)
                : await PushCompressedAsync(blob, diffId, cancellationToken);
        }
        finally
        {
            slots.Leave();
        }
    }

    private async Task<OciDescriptor> PushAsync(
        OciDescriptor blob, Digest diffId, string? source, Func<Stream> open, CancellationToken cancellationToken)
    {
        if (await session.HasBlobAsync(blob.Digest, cancellationToken))
        {
            report.Say(diffId, "Layer already exists");
        }
        else
        {
            var mounted = await session.PutBlobAsync(blob, open, source, report.Progress(diffId, "Pushing", blob.Size), cancellationToken);
            report.Say(diffId, mounted ? $"Mounted from {source}" : "Pushed");
        }

        return blob;
    }

    private async Task<OciDescriptor> PushCompressedAsync(OciDescriptor blob, Digest diffId, CancellationToken cancellationToken)
    {
        var source = mountSource(blob.Digest);
        if (compressed.Find(blob) is { } known)
        {
            if (await session.HasBlobAsync(known.Digest, cancellationToken))
            {
                report.Say(diffId, "Layer already exists");
                return known;
            }

            if (source is not null && await session.MountBlobAsync(known, source, cancellationToken))
            {
                report.Say(diffId, $"Mounted from {source}");
                return known;
            }
        }

        var progress = report.Progress(diffId, "Preparing", blob.Size);
        using var archive = await OwnThread.Run(() => compressed.Compress(blob, progress, cancellationToken));
        return await PushAsync(CompressedLayers.Describe(blob, archive.Digest, archive.Size), diffId, source, archive.Open, cancellationToken);
    }
}
