using Berth.Api.Images;
using Berth.Linux;
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
    public IReadOnlyList<ImageDeleteItem> Remove(string nameOrId, bool force, bool prune = true) => Withdraw((catalog, removal, uses) =>
    {
        if (string.IsNullOrWhiteSpace(nameOrId))
        {
            throw ImageErrors.Invalid("image name cannot be blank");
        }

        var image = Find(catalog, nameOrId);
        var name = IsIdOf(image, nameOrId) ? null : ImageReference.Parse(nameOrId).WithDefaultTag();
        removal.Remove(image, name, nameOrId, force, prune, uses);
    });

    /// <summary>
    /// Takes names and images out of the catalog, then the files that only they needed. It is decided in one step with the uses, so that
    /// nobody begins to use what is about to go; and it is decided in memory only, so that nobody waits for the disk meanwhile.
    /// </summary>
    private List<ImageDeleteItem> Withdraw(Action<ImageCatalog, ImageRemoval, ILookup<Digest, ImageUse>> remove)
    {
        ImageRemoval removal;
        lock (_changing)
        {
            var before = Catalog;
            removal = new ImageRemoval(before, _documents);
            ImageCatalog after;
            lock (_gate)
            {
                remove(before, removal, _uses.Values.ToLookup(u => u.ImageId));
                _catalog = after = removal.Result();
            }

            if (!ReferenceEquals(before, after))
            {
                WriteOrRestore(before, after);
                SyncLater();
            }
        }

        foreach (var (action, id, document) in removal.Events)
        {
            Publish(action, id, id.ToString(), document);
        }

        removal.Gone.ForEach(_documents.Forget);
        if (removal.Gone.Count > 0)
        {
            Collect(removal);
        }

        return removal.Items;
    }

    // What cannot be written has not happened.
    private void WriteOrRestore(ImageCatalog before, ImageCatalog after)
    {
        var written = false;
        try
        {
            _content.WriteIndex(after.ToIndex());
            written = true;
        }
        catch (Exception e) when (e is IOException or LinuxException && after.OnlyLacks(before))
        {
            // A full disk must not keep from it what makes room on it.
            _writes.Later("the list of images", WriteIndex, e);
            written = true;
        }
        finally
        {
            if (!written)
            {
                lock (_gate)
                {
                    _catalog = before;
                }
            }
        }
    }

    private static bool IsIdOf(ImageRecord image, string text) =>
        image.Id.ToString().StartsWith(text, StringComparison.Ordinal) || image.Id.Hex.StartsWith(text, StringComparison.Ordinal);
}
