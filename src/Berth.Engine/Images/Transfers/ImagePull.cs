using Berth.Images;
using Berth.Images.Archives;
using Berth.Images.Content;
using Berth.Images.Layers;
using Berth.Images.Registry;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Engine.Images.Transfers;

/// <summary>Fetches one image from one registry into the stores.</summary>
/// <param name="isListed">Whether there is an image of this id.</param>
/// <param name="otherForm">Finds a layer of the store by the address of its stack, in whatever form its archive is there.</param>
internal sealed class ImagePull(
    ContentStore content,
    LayerStore layers,
    LayerDownloads downloads,
    RegistrySession session,
    OciPlatform platform,
    Func<Digest, bool> isListed,
    Func<Digest, OciDescriptor?> otherForm,
    TransferReport report)
{
    private const string Extracting = "Extracting";

    private static readonly string[] _layerTypes =
    [
        MediaTypes.DockerLayerGzip, MediaTypes.DockerLayer, MediaTypes.OciLayer, MediaTypes.OciLayerGzip, MediaTypes.OciLayerZstd,
        "application/vnd.docker.image.rootfs.diff.tar.zstd",
    ];

    // The last four are what registries made of the first in their early days.
    private static readonly string[] _configTypes =
        [MediaTypes.DockerConfig, MediaTypes.OciConfig, "application/octet-stream", "application/json", "text/html", ""];

    /// <exception cref="RegistryException">It is not there, or not what it says it is.</exception>
    public async Task<PulledImage> RunAsync(ImageReference name, CancellationToken cancellationToken)
    {
        var top = await session.GetManifestAsync(name.Digest?.ToString() ?? name.Tag!, cancellationToken);
        report.Say($"Pulling from {name.Path}", name.Digest is null ? name.Tag : name.Canonical);
        var manifest = top;
        for (var depth = 0; manifest.IsIndex; depth++)
        {
            var entry = PlatformChoice.Find(manifest.ReadIndex(), platform) ?? throw RegistryErrors.NoPlatform(PlatformChoice.Text(platform));
            manifest = depth < RemoteManifest.DepthMax
                ? await session.GetManifestAsync(entry, cancellationToken)
                : throw new RegistryException($"{top.Digest} nests indexes too deeply");
        }

        var document = manifest.ReadManifest();
        Check(document);
        var config = await session.GetDocumentAsync(document.Config, cancellationToken);
        var image = RemoteManifest.Read(config, document.Config.Digest, OciImageJson.Default.OciImage);
        Check(image, document);
        var held = await FetchLayersAsync(document, image.Rootfs.DiffIds, cancellationToken);
        var stored = content.Write(config, MediaTypes.OciConfig);
        return new PulledImage(
            document.Config.Digest,
            held.SequenceEqual(document.Layers) ? content.Write(manifest.Content.Span, manifest.MediaType) : ImageManifest.Store(content, stored, held, []).Manifest,
            top.Digest,
            new OciPlatform { Os = image.Os, Architecture = image.Architecture, Variant = image.Variant });
    }

    private static void Check(OciManifest manifest)
    {
        if (!_configTypes.Contains(manifest.Config.MediaType))
        {
            throw new RegistryException($"this is no image to run: its configuration is of type {manifest.Config.MediaType}");
        }

        foreach (var layer in manifest.Layers)
        {
            if (layer.MediaType.Contains("foreign", StringComparison.Ordinal) || layer.MediaType.Contains("nondistributable", StringComparison.Ordinal))
            {
                throw new RegistryException(
                    $"layer {layer.Digest} is foreign ({layer.MediaType}): its content lies outside the registry, and is not fetched from there");
            }

            if (!_layerTypes.Contains(layer.MediaType))
            {
                throw new RegistryException($"layer {layer.Digest} is of type {layer.MediaType}, which is not supported");
            }

            if (layer.Size < 0 || layer.Digest.Algorithm != "sha256")
            {
                throw new RegistryException($"layer {layer.Digest} has no valid size or digest");
            }
        }
    }

    private static void Check(OciImage image, OciManifest manifest)
    {
        if (image.Os is not ("" or "linux"))
        {
            throw new RegistryException($"image operating system \"{image.Os}\" cannot be used on this platform");
        }

        if (image.Rootfs.DiffIds.Count != manifest.Layers.Count)
        {
            throw new RegistryException($"invalid manifest, layers length mismatch: expected {image.Rootfs.DiffIds.Count}, got {manifest.Layers.Count}");
        }

        if (manifest.Layers.Count > LayerStore.StackMax)
        {
            throw new RegistryException($"max depth exceeded: {manifest.Layers.Count} layers");
        }
    }

    // Gives the layers as they are in the store now: some may have been there in another form, such as uncompressed.
    private async Task<IReadOnlyList<OciDescriptor>> FetchLayersAsync(OciManifest manifest, IReadOnlyList<Digest> diffIds, CancellationToken cancellationToken)
    {
        var blobs = manifest.Layers;
        var chain = ChainId.OfLayers(diffIds);
        CheckSizes(blobs);
        var held = blobs.Select((blob, i) => !layers.Contains(chain[i]) ? null : content.Exists(blob.Digest) ? blob : otherForm(chain[i])).ToList();
        var known = held.ConvertAll(h => h is not null);
        var stored = held.Select((h, i) => h ?? blobs[i]).ToList();
        if (known.TrueForAll(k => k) && isListed(manifest.Config.Digest))
        {
            return stored;
        }

        using var leases = new LeaseList(blobs.Count);
        for (var i = 0; i < blobs.Count; i++)
        {
            report.Say(blobs[i].Digest, known[i] ? "Already exists" : "Pulling fs layer");
            leases[i] = known[i] ? null : Join(blobs[i]);
        }

        // Bottom first: a layer takes directories that it does not describe from those below.
        var complete = new List<PendingBlob>();
        foreach (var i in Enumerable.Range(0, blobs.Count).Where(i => !known[i]))
        {
            if (await CompleteAsync(leases, i, blobs[i], diffIds[i], cancellationToken) is { } archive)
            {
                complete.Add(archive);
            }

            cancellationToken.ThrowIfCancellationRequested();
            await layers.EnsureAsync(chain[i], [.. chain.Take(i)], () => Take(leases[i], blobs[i], diffIds[i]));
            report.Say(blobs[i].Digest, "Pull complete");
        }

        complete.ForEach(blob => blob.Commit());
        return stored;
    }

    // What can be known before anything is fetched: the same blob has one size, and what does not fit on the disk need not begin.
    private void CheckSizes(IReadOnlyList<OciDescriptor> blobs)
    {
        Int128 wanted = 0;
        foreach (var blob in blobs.DistinctBy(b => b.Digest))
        {
            if (!content.Exists(blob.Digest))
            {
                wanted += blob.Size;
            }
            else if (content.SizeOf(blob.Digest) is var size && size != blob.Size)
            {
                throw new RegistryException($"failed to register layer {blob.Digest}: it has {size} bytes, and {blob.Size} in the manifest");
            }
        }

        if (content.FreeSpace is var free && wanted > free)
        {
            throw new RegistryException($"no space left on device: the layers have {wanted} bytes, and {free} are free");
        }
    }

    private LayerLease? Join(OciDescriptor blob) => downloads.Join(session, blob, progress => Tell(blob, progress));

    // Null where the store has the blob already.
    private async Task<PendingBlob?> CompleteAsync(
        LeaseList leases, int number, OciDescriptor blob, Digest diffId, CancellationToken cancellationToken)
    {
        while (leases[number] is { } lease)
        {
            try
            {
                return await lease.CompleteAsync(blob.Size, diffId, cancellationToken);
            }
            catch (ImageStoreException e)
            {
                throw NotWhatItShouldBe(blob, e);
            }
            catch (Exception e) when (!lease.IsFirst && e is RegistryException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                // Another pull's session failed: its credentials may be worse, its registry another one.
                lease.Dispose();
                leases[number] = Join(blob);
            }
        }

        return null;
    }

    private StagedLayer Take(LayerLease? lease, OciDescriptor blob, Digest diffId)
    {
        var progress = report.Progress(blob.Digest, Extracting, blob.Size);
        try
        {
            if (lease is not null)
            {
                return lease.Take(progress).Expect(diffId);
            }

            using var archive = content.Open(blob.Digest);
            return layers.Unpack(archive, progress).Expect(diffId);
        }
        catch (ImageStoreException e)
        {
            throw NotWhatItShouldBe(blob, e);
        }
    }

    private static RegistryException NotWhatItShouldBe(OciDescriptor blob, ImageStoreException error) =>
        new($"failed to register layer {blob.Digest}: {error.Message}", cause: error);

    private void Tell(OciDescriptor blob, LayerProgress progress)
    {
        switch (progress.Phase)
        {
            case LayerPhase.Waiting:
                report.Say(blob.Digest, "Waiting");
                break;
            case LayerPhase.Downloading when progress.Current > 0:
                report.Say(blob.Digest, "Downloading", progress.Current, blob.Size);
                break;
            case LayerPhase.Verifying:
                report.Say(blob.Digest, "Verifying Checksum");
                break;
            case LayerPhase.Complete:
                report.Say(blob.Digest, "Download complete");
                break;
            case LayerPhase.Unpacking:
                report.Say(blob.Digest, Extracting, progress.Current, blob.Size);
                break;
            default:
                break;
        }
    }

    /// <summary>What is under way for one image, by the number of the layer.</summary>
    private sealed class LeaseList(int count) : IDisposable
    {
        private readonly LayerLease?[] _leases = new LayerLease?[count];

        public LayerLease? this[int number]
        {
            get => _leases[number];
            set => _leases[number] = value;
        }

        public void Dispose()
        {
            foreach (var lease in _leases)
            {
                lease?.Dispose();
            }
        }
    }
}
