using Berth.Api.Images;
using Berth.Oci;

namespace Berth.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>
    /// Takes a name from an image, and removes the image with its last name; or removes the image of an id. What a container needs
    /// is refused or, with force and a container that does not run, kept out of sight until that container is removed. An image that
    /// others were committed from loses its names only.
    /// </summary>
    /// <param name="prune">Images without a name that it was committed from go with it.</param>
    public IReadOnlyList<ImageDeleteItem> Remove(string nameOrId, bool force, bool prune = true)
    {
        if (string.IsNullOrWhiteSpace(nameOrId))
        {
            throw ImageErrors.Invalid("image name cannot be blank");
        }

        var items = new List<ImageDeleteItem>();
        lock (_gate)
        {
            var catalog = Catalog;
            var image = Find(catalog, nameOrId);
            var uses = _uses.Values.Where(u => u.ImageId == image.Id).ToList();
            var removed = new List<ImageReference>();
            bool isGone;
            if (!IsIdOf(image, nameOrId))
            {
                var name = ImageReference.Parse(nameOrId).WithDefaultTag();
                if (!force && IsSingleReference(image) && uses.Count > 0)
                {
                    throw ImageErrors.ReferenceInUse(nameOrId, image.Id, uses[0]);
                }

                removed.Add(name);
                removed.AddRange(DigestsLeftAlone(image, name));

                // Without a name it lives on where a container runs on it or others were committed from it.
                isGone = removed.Count >= image.Names.Count && !catalog.HasChildren(image.Id) && !uses.Exists(u => u.Running);
            }
            else
            {
                CheckRemovalById(image, uses, force);
                removed.AddRange(NamesOf(image));
                isGone = true;
            }

            items.AddRange(removed.Select(n => new ImageDeleteItem { Untagged = n.Familiar }));
            if (isGone)
            {
                items.Add(new ImageDeleteItem { Deleted = image.Id.ToString() });
                items.AddRange(LayersOnlyOf(image).Select(c => new ImageDeleteItem { Deleted = c.ToString() }));
            }

            var document = _documents.Image(image.Id);
            Update(c =>
            {
                c = removed.Aggregate(c, (without, name) => without.WithoutName(name));
                return !isGone ? c : uses.Count > 0 ? c.Replace(c.ById(image.Id)! with { Removed = true }) : c.Without(image.Id);
            });
            removed.ForEach(_ => Publish("untag", image.Id, image.Id.ToString(), document));
            if (isGone)
            {
                Publish("delete", image.Id, image.Id.ToString(), document);
            }

            if (isGone && uses.Count == 0)
            {
                _documents.Forget(image);
            }

            if (isGone && prune)
            {
                RemoveParents(image, items);
            }
        }

        Collect();
        return items;
    }

    private void CheckRemovalById(ImageRecord image, List<ImageUse> uses, bool force)
    {
        if (Catalog.HasChildren(image.Id))
        {
            throw ImageErrors.HasChildren(image.Id);
        }

        if (uses.Find(u => u.Running) is { } running)
        {
            throw ImageErrors.RunningContainer(image.Id, running);
        }

        if (!force && !IsSingleReference(image))
        {
            throw ImageErrors.SeveralReferences(image.Id);
        }

        if (!force && uses.Count > 0)
        {
            throw ImageErrors.StoppedContainer(image.Id, uses[0]);
        }
    }

    private void RemoveParents(ImageRecord child, List<ImageDeleteItem> items)
    {
        while (Catalog.ParentOf(child) is { Names.Count: 0 } parent && !Catalog.HasChildren(parent.Id) && !_uses.Values.Any(u => u.ImageId == parent.Id))
        {
            items.Add(new ImageDeleteItem { Deleted = parent.Id.ToString() });
            items.AddRange(LayersOnlyOf(parent).Select(c => new ImageDeleteItem { Deleted = c.ToString() }));
            var document = _documents.Image(parent.Id);
            Update(c => c.Without(parent.Id));
            Publish("delete", parent.Id, parent.Id.ToString(), document);
            _documents.Forget(parent);
            child = parent;
        }
    }

    private static bool IsIdOf(ImageRecord image, string text) =>
        image.Id.ToString().StartsWith(text, StringComparison.Ordinal) || image.Id.Hex.StartsWith(text, StringComparison.Ordinal);

    private static IEnumerable<ImageReference> NamesOf(ImageRecord image) => image.Names.Keys.Select(ImageReference.Parse);

    // At most one tag, and every digest in the repository of that tag.
    private static bool IsSingleReference(ImageRecord image)
    {
        var names = NamesOf(image).ToList();
        return names.Count <= 1 || (names.Count(n => n.Digest is null) <= 1 && names.Select(n => n.Name).Distinct().Count() == 1);
    }

    // When a repository's last tag goes, its digests go too.
    private static List<ImageReference> DigestsLeftAlone(ImageRecord image, ImageReference removed)
    {
        var sameRepository = NamesOf(image).Where(n => n.Name == removed.Name && n != removed).ToList();
        return removed.Digest is null && sameRepository.TrueForAll(n => n.Digest is not null) ? sameRepository : [];
    }

    private IEnumerable<Digest> LayersOnlyOf(ImageRecord image)
    {
        var others = Catalog.Images.Where(i => i.Id != image.Id).SelectMany(i => _documents.ChainIds(i.Id)).ToHashSet();
        return _documents.ChainIds(image.Id).Where(c => !others.Contains(c)).Reverse();
    }
}
