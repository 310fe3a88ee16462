using Berth.Engine.Events;
using Berth.Images;
using Berth.Images.Content;
using Berth.Images.Layers;
using Berth.Images.Registry;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Engine.Images;

/// <summary>The images of the engine: what they are called, what they consist of, and which containers need them.</summary>
public sealed partial class ImageService : IDisposable
{
    private readonly EventService _events;
    private readonly TimeProvider _time;
    private readonly ContentStore _content;
    private readonly LayerStore _layers;
    private readonly ImageDocuments _documents;
    private readonly RegistryClient _registries;
    private readonly LayerDownloads _downloads;
    private readonly TransferSlots _uploads;
    private readonly CompressedLayers _compressed;

    // Guards the catalog, the uses and the count of stores together, so that nothing is removed that somebody begins to use.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ImageUse> _uses = new(StringComparer.Ordinal);
    private readonly Log _log;
    private ImageCatalog? _catalog;

    public ImageService(EngineOptions options, EventService events, TimeProvider time, Log log)
    {
        _events = events;
        _time = time;
        _log = log;
        _content = new ContentStore(Path.Combine(options.DataRoot, "images"));
        _layers = new LayerStore(Path.Combine(options.DataRoot, "layers"));
        _documents = new ImageDocuments(_content);
        _registries = new RegistryClient(options.Registries, time);
        _downloads = new LayerDownloads(_content, _layers, _registries);
        _syncTimer = time.CreateTimer(_ => OwnThread.Run(Sync), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _compressed = new CompressedLayers(_content, Path.Combine(options.DataRoot, "images", "compressed"));
        _uploads = new TransferSlots(() => _registries.Settings.ParallelUploads);
    }

    /// <summary>How many images there are, as <c>docker info</c> counts them.</summary>
    public int Count => Catalog.Images.Count(i => !i.Removed);

    /// <summary>Takes over what the configuration says of registries now.</summary>
    public void Reload(EngineOptions options) => _registries.Settings = options.Registries;

    public void Dispose()
    {
        _syncTimer.Dispose();
        _registries.Dispose();
    }

    // Read at the first request and not at the start of the daemon, which must be quick.
    private ImageCatalog Catalog
    {
        get
        {
            lock (_gate)
            {
                return _catalog ??= ReadCatalog();
            }
        }
    }

    /// <summary>Changes the catalog in one step: in memory only after it was written. Under the lock.</summary>
    private void Update(Func<ImageCatalog, ImageCatalog> change)
    {
        lock (_gate)
        {
            var before = Catalog;
            var after = change(before);
            if (!ReferenceEquals(before, after))
            {
                _content.WriteIndex(after.ToIndex());
                _catalog = after;
                SyncLater();
            }
        }
    }

    private void Publish(string action, Digest id, string name) => Publish(action, id, name, _documents.Image(id));

    private void Publish(string action, Digest id, string name, OciImage image) => _events.Publish(
        "image",
        action,
        id.ToString(),
        new Dictionary<string, string>(image.Config?.Labels ?? new Dictionary<string, string>()) { ["name"] = name });

    // For an entry that another program wrote into the layout. One that is broken is not ours to show.
    private Digest? ReadImageId(OciDescriptor entry)
    {
        try
        {
            return MediaTypes.IsManifest(entry.MediaType)
                ? _content.Read(entry.Digest, OciImageJson.Default.OciManifest).Config.Digest
                : null;
        }
        catch (ImageStoreException)
        {
            return null;
        }
    }
}
