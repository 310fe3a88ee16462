using Berth.Api.Images;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Engine.Images;

/// <summary>
/// Names and images that are taken out of a catalog together. Nothing here reads a file once it is built: which documents there are and
/// who else needs a layer is looked up before, and counted, so that the removal of many images costs no more for each than that of one.
/// </summary>
internal sealed class ImageRemoval
{
    private readonly ImageCatalog _catalog;
    private readonly Dictionary<Digest, ImageRecord> _images;
    private readonly Dictionary<Digest, int> _children;
    private readonly Dictionary<Digest, int> _layerUsers;
    private readonly Dictionary<Digest, (OciImage? Document, IReadOnlyList<Digest> Layers, IReadOnlyList<Digest> Blobs)> _contents;
    private readonly HashSet<Digest> _changed = [];

    public ImageRemoval(ImageCatalog catalog, ImageDocuments documents)
    {
        _catalog = catalog;
        _images = catalog.Images.ToDictionary(i => i.Id);
        _children = _images.Values.Where(i => !i.Removed).Select(i => i.Parent).OfType<Digest>().CountBy(p => p).ToDictionary();

        // One that cannot be read can be removed like any other: there is just less to say of it.
        _contents = _images.Values.ToDictionary(i => i.Id, i => documents.IsReadable(i)
            ? (documents.Image(i.Id), documents.ChainIds(i.Id), (IReadOnlyList<Digest>)[.. documents.Blobs(i)])
            : ((OciImage?)null, (IReadOnlyList<Digest>)[], (IReadOnlyList<Digest>)[i.Id, .. i.Manifests.Select(m => m.Digest)]));
        _layerUsers = _contents.Values.SelectMany(c => c.Layers).CountBy(l => l).ToDictionary();
    }

    /// <summary>What is to be told to who asked for it.</summary>
    public List<ImageDeleteItem> Items { get; } = [];

    public List<(string Action, Digest Id, OciImage? Document)> Events { get; } = [];

    /// <summary>The images that are not in the catalog any more.</summary>
    public List<ImageRecord> Gone { get; } = [];

    /// <summary>The blobs of <see cref="Gone"/>; other images may need them too.</summary>
    public IEnumerable<Digest> Blobs => Gone.SelectMany(i => _contents[i.Id].Blobs);

    /// <summary>The layers of <see cref="Gone"/>; other images may need them too.</summary>
    public IEnumerable<Digest> Layers => Gone.SelectMany(i => _contents[i.Id].Layers);

    /// <summary>The catalog as it is to be; the same one where nothing changed.</summary>
    public ImageCatalog Result() => _changed.Count == 0
        ? _catalog
        : _catalog.With(_changed.Where(_images.ContainsKey).Select(id => _images[id]), _changed.Where(id => !_images.ContainsKey(id)));

    /// <summary>Takes a name from an image, and the image with its last name; or the image with all its names.</summary>
    /// <param name="name">Null: the image was given by its id.</param>
    /// <param name="given">What was asked for, for the refusal.</param>
    /// <param name="prune">Images without a name that it was committed from go with it.</param>
    /// <param name="uses">The containers by their images.</param>
    public void Remove(ImageRecord image, ImageReference? name, string given, bool force, bool prune, ILookup<Digest, ImageUse> uses)
    {
        var users = uses[image.Id].ToList();
        var removed = name is not null ? [name, .. DigestsLeftAlone(image, name)] : image.NameList.ToList();
        if (name is not null)
        {
            if (!force && IsSingleReference(image) && users.Count > 0)
            {
                throw ImageErrors.ReferenceInUse(given, image.Id, users[0]);
            }
        }
        else if (HasChildren(image.Id))
        {
            throw ImageErrors.HasChildren(image.Id);
        }
        else if (users.Find(u => u.Running) is { } running)
        {
            throw ImageErrors.RunningContainer(image.Id, running);
        }
        else if (!force && !IsSingleReference(image))
        {
            throw ImageErrors.SeveralReferences(image.Id);
        }

        // Without a name it lives on where a container runs on it or others were committed from it.
        var isGone = removed.Count >= image.Names.Count && !HasChildren(image.Id) && !users.Exists(u => u.Running);

        if (isGone && !force && users.Count > 0)
        {
            throw ImageErrors.StoppedContainer(image.Id, users[0]);
        }

        Items.AddRange(removed.Select(n => new ImageDeleteItem { Untagged = n.Familiar }));
        Events.AddRange(removed.Select(_ => ("untag", image.Id, _contents[image.Id].Document)));
        image = image.WithoutNames(removed);
        Replace(image);
        if (isGone)
        {
            Delete(image, keep: users.Count > 0);
            if (prune)
            {
                RemoveParents(image, uses);
            }
        }
    }

    /// <summary>Removes an image that no container needs, or, where others were committed from it, its names.</summary>
    /// <param name="onlyDangling">Only if it has no name.</param>
    public void Prune(Digest id, bool onlyDangling, ILookup<Digest, ImageUse> uses)
    {
        // It may have gone with an image that was committed from it, or have got a name or a container meanwhile.
        if (!_images.TryGetValue(id, out var image) || image.Removed || (onlyDangling && image.Names.Count > 0) || uses.Contains(id))
        {
            return;
        }

        if (!HasChildren(id))
        {
            Remove(image, null, id.ToString(), force: true, prune: true, uses);
            return;
        }

        foreach (var name in image.NameList)
        {
            if (_images[id].NameList.Contains(name))
            {
                Remove(_images[id], name, name.Canonical, force: true, prune: true, uses);
            }
        }
    }

    /// <summary>Removes the images that their users removed with force, and that no container keeps any more.</summary>
    public void RemoveHidden(ILookup<Digest, ImageUse> uses)
    {
        foreach (var image in _images.Values.Where(i => i.Removed && !uses.Contains(i.Id)).ToList())
        {
            Forget(image);
        }
    }

    private void RemoveParents(ImageRecord child, ILookup<Digest, ImageUse> uses)
    {
        while (child.Parent is { } id && _images.TryGetValue(id, out var parent) && parent is { Removed: false, Names.Count: 0 }
            && !HasChildren(id) && !uses.Contains(id))
        {
            Delete(parent, keep: false);
            child = parent;
        }
    }

    private void Delete(ImageRecord image, bool keep)
    {
        Items.Add(new ImageDeleteItem { Deleted = image.Id.ToString() });
        Items.AddRange(_contents[image.Id].Layers.Where(l => _layerUsers[l] == 1).Reverse().Select(l => new ImageDeleteItem { Deleted = l.ToString() }));
        Events.Add(("delete", image.Id, _contents[image.Id].Document));
        if (!image.Removed && image.Parent is { } parent && _children.TryGetValue(parent, out var count))
        {
            _children[parent] = count - 1;
        }

        if (keep)
        {
            Replace(image with { Removed = true });
        }
        else
        {
            Forget(image);
        }
    }

    private void Forget(ImageRecord image)
    {
        foreach (var layer in _contents[image.Id].Layers)
        {
            _layerUsers[layer]--;
        }

        _images.Remove(image.Id);
        _changed.Add(image.Id);
        Gone.Add(image);
    }

    private void Replace(ImageRecord image)
    {
        _images[image.Id] = image;
        _changed.Add(image.Id);
    }

    private bool HasChildren(Digest id) => _children.GetValueOrDefault(id) > 0;

    // At most one tag, and every digest in the repository of that tag.
    private static bool IsSingleReference(ImageRecord image)
    {
        var names = image.NameList.ToList();
        return names.Count <= 1 || (names.Count(n => n.Digest is null) <= 1 && names.Select(n => n.Name).Distinct().Count() == 1);
    }

    // When a repository's last tag goes, its digests go too.
    private static List<ImageReference> DigestsLeftAlone(ImageRecord image, ImageReference removed)
    {
        var sameRepository = image.NameList.Where(n => n.Name == removed.Name && n != removed).ToList();
        return removed.Digest is null && sameRepository.TrueForAll(n => n.Digest is not null) ? sameRepository : [];
    }
}
