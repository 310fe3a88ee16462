using System.Collections.Immutable;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Engine.Images;

/// <summary>
/// All images and their names at one moment. Immutable: a change makes a new catalog, which replaces the old one only after it was
/// written to the disk.
/// </summary>
internal sealed class ImageCatalog
{
    private const string NameAnnotation = "org.opencontainers.image.ref.name";
    private const string IdAnnotation = "dev.berth.image.id";
    private const string ParentAnnotation = "dev.berth.image.parent";
    private const string RemovedAnnotation = "dev.berth.image.removed";

    private readonly ImmutableDictionary<Digest, ImageRecord> _images;
    private readonly Dictionary<string, ImageRecord> _byName = new(StringComparer.Ordinal);

    private ImageCatalog(ImmutableDictionary<Digest, ImageRecord> images)
    {
        _images = images;
        foreach (var image in images.Values)
        {
            foreach (var name in image.Names.Keys)
            {
                _byName[name] = image;
            }
        }
    }

    private ImageCatalog(IEnumerable<ImageRecord> images)
        : this(images.ToImmutableDictionary(i => i.Id))
    {
    }

    public IEnumerable<ImageRecord> Images => _images.Values;

    /// <summary>Reads the names that the entries of an index carry.</summary>
    /// <param name="idOf">Finds the image id of an entry that another program wrote; null where it is no image of ours.</param>
    public static ImageCatalog FromIndex(OciIndex index, Func<OciDescriptor, Digest?> idOf)
    {
        var images = new Dictionary<Digest, ImageRecord>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in index.Manifests)
        {
            var id = Digest.TryParse(entry.Annotations?.GetValueOrDefault(IdAnnotation), out var noted) ? noted : idOf(entry);
            if (id is null)
            {
                continue;
            }

            var manifest = entry with { Annotations = null };
            var image = images.GetValueOrDefault(id.Value) ?? NewRecord(id.Value, manifest);
            if (Digest.TryParse(entry.Annotations?.GetValueOrDefault(ParentAnnotation), out var parent))
            {
                image = image with { Parent = parent };
            }

            if (entry.Annotations?.ContainsKey(RemovedAnnotation) == true)
            {
                image = image with { Removed = true };
            }
            else if (entry.Annotations?.GetValueOrDefault(NameAnnotation) is { } text
                && ImageReference.TryParse(text, out var name) && !name.IsNameOnly && taken.Add(KeyOf(name)))
            {
                image = image with { Names = image.Names.SetItem(KeyOf(name), manifest) };
            }

            images[id.Value] = image;
        }

        return new(images.Values);
    }

    public OciIndex ToIndex() => new()
    {
        MediaType = MediaTypes.OciIndex,
        Manifests = [.. _images.Values.OrderBy(i => i.Id.ToString(), StringComparer.Ordinal).SelectMany(Entries)],
    };

    public ImageRecord? ById(Digest id) => _images.GetValueOrDefault(id);

    public ImageRecord? ByName(ImageReference name) => _byName.GetValueOrDefault(KeyOf(name));

    /// <summary>The one image whose id begins with these hexadecimal digits; null where none or several do.</summary>
    public ImageRecord? ByPrefix(string hex)
    {
        var found = _images.Values.Where(i => !i.Removed && i.Id.Hex.StartsWith(hex, StringComparison.Ordinal)).Take(2).ToList();
        return found.Count == 1 ? found[0] : null;
    }

    /// <summary>The image that this one was committed from, as long as its user has not removed it.</summary>
    public ImageRecord? ParentOf(ImageRecord image) => image.Parent is { } id && ById(id) is { Removed: false } parent ? parent : null;

    /// <summary>Adds an image without a name; one that is there already stays, and is visible again.</summary>
    public ImageCatalog With(Digest id, OciDescriptor manifest, Digest? parent = null) =>
        _images.TryGetValue(id, out var known)
            ? known.Removed ? Replace(known with { Removed = false }) : this
            : new(_images.Add(id, NewRecord(id, manifest) with { Parent = parent }));

    /// <summary>Gives an image of the catalog a name, and takes the name from the image that had it.</summary>
    public ImageCatalog WithName(ImageReference name, Digest id, OciDescriptor manifest)
    {
        var without = WithoutName(name);
        var image = without._images[id];
        return without.Replace(image with { Names = image.Names.SetItem(KeyOf(name), manifest) });
    }

    public ImageCatalog WithoutName(ImageReference name) =>
        ByName(name) is { } image ? Replace(image with { Names = image.Names.Remove(KeyOf(name)) }) : this;

    public ImageCatalog Without(Digest id) => new(_images.Remove(id));

    /// <summary>Many changes at once.</summary>
    public ImageCatalog With(IEnumerable<ImageRecord> replaced, IEnumerable<Digest> gone) =>
        new(_images.RemoveRange(gone).SetItems(replaced.Select(i => KeyValuePair.Create(i.Id, i))));

    public ImageCatalog Replace(ImageRecord image) => new(_images.SetItem(image.Id, image));

    private static ImageRecord NewRecord(Digest id, OciDescriptor manifest) =>
        new(id, manifest, ImmutableSortedDictionary.Create<string, OciDescriptor>(StringComparer.Ordinal));

    // A name with a digest is found by the digest; a tag beside it says only where the digest was found once.
    internal static string KeyOf(ImageReference name) =>
        name.Digest is { } digest ? name.WithDigest(digest).Canonical : name.WithDefaultTag().Canonical;

    private static IEnumerable<OciDescriptor> Entries(ImageRecord image)
    {
        var id = new Dictionary<string, string> { [IdAnnotation] = image.Id.ToString() };
        if (image.Parent is { } parent)
        {
            id[ParentAnnotation] = parent.ToString();
        }

        if (image.Removed)
        {
            id[RemovedAnnotation] = "true";
        }

        return image.Names.Count == 0
            ? [image.Manifest with { Annotations = id }]
            : image.Names.Select(n => n.Value with { Annotations = new Dictionary<string, string>(id) { [NameAnnotation] = n.Key } });
    }
}
