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

    // Guards the catalog and the uses together, so that nothing is removed that somebody begins to use. Every request and every end of a
    // container needs it: what is done under it is done in memory. The last to be taken.
    private readonly Lock _gate = new();

    // One change of the catalog at a time, with the writing of index.json. Only those who change it wait for each other.
    private readonly Lock _changing = new();
    private readonly Dictionary<string, ImageUse> _uses = new(StringComparer.Ordinal);
    private readonly Log _log;
    private volatile ImageCatalog? _catalog;

    public ImageService(EngineOptions options, EventService events, TimeProvider time, Log log)
    {
        _events = events;
        _time = time;
        _log = log;
        _content = new ContentStore(Path.Combine(options.DataRoot, "images"));
        _layers = new LayerStore(Path.Combine(options.DataRoot, "layers"));
        _documents = new ImageDocuments(_content, log);
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

    private ImageCatalog Catalog => _catalog ?? EnsureCatalog();

    // Read at the first request and not at the start of the daemon, which must be quick.
    private ImageCatalog EnsureCatalog()
    {
        if (_catalog is { } known)
        {
            return known;
        }

        lock (_changing)
        {
            return _catalog ??= ReadCatalog();
        }
    }

    /// <summary>Changes the catalog in one step: in memory only after it was written. What takes something away is <see cref="Withdraw"/>.</summary>
    private void Update(Func<ImageCatalog, ImageCatalog> change)
    {
        lock (_changing)
        {
            var before = Catalog;
            var after = change(before);
            if (!ReferenceEquals(before, after))
            {
                _content.WriteIndex(after.ToIndex());
                lock (_gate)
                {
                    _catalog = after;
                }

                SyncLater();
            }
        }
    }

    private void Publish(string action, Digest id, string name) => Publish(action, id, name, _documents.Image(id));

    private void Publish(string action, Digest id, string name, OciImage? image) => _events.Publish(
        "image",
        action,
        id.ToString(),
        new Dictionary<string, string>(image?.Config?.Labels ?? new Dictionary<string, string>()) { ["name"] = name });

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
