using Berth.Engine.Events;
using Berth.Images.Content;
using Berth.Images.Layers;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Engine.Images;

/// <summary>The images of the engine: what they are called, what they consist of, and which containers need them.</summary>
public sealed partial class ImageService
{
    private readonly EventService _events;
    private readonly TimeProvider _time;
    private readonly ContentStore _content;
    private readonly LayerStore _layers;

    // Guards the catalog and the uses together, so that an image is not removed while a container begins to use it.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ImageUse> _uses = new(StringComparer.Ordinal);
    private ImageCatalog? _catalog;

    public ImageService(EngineOptions options, EventService events, TimeProvider time)
    {
        _events = events;
        _time = time;
        _content = new ContentStore(Path.Combine(options.DataRoot, "images"));
        _layers = new LayerStore(Path.Combine(options.DataRoot, "layers"));
    }

    // Read at the first request and not at the start of the daemon, which must be quick.
    private ImageCatalog Catalog
    {
        get
        {
            lock (_gate)
            {
                return _catalog ??= ImageCatalog.FromIndex(_content.ReadIndex(), ReadImageId);
            }
        }
    }

    /// <summary>Changes the catalog in one step: in memory only after it is on the disk.</summary>
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
            }
        }
    }

    // For an entry that another program wrote into the layout.
    private Digest? ReadImageId(OciDescriptor entry) =>
        MediaTypes.IsManifest(entry.MediaType) && _content.Exists(entry.Digest)
            ? _content.Read(entry.Digest, OciImageJson.Default.OciManifest).Config.Digest
            : null;
}
