using System.IO.Pipelines;
using Berth.Archives.Streams;
using Berth.Images.Archives;
using Berth.Oci;

namespace Berth.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>
    /// Finds what is to be saved: an image with the one name that was given, or with all its names in a repository that was given
    /// without a tag, or with none where it was given by id.
    /// </summary>
    public IReadOnlyList<StoredImage> FindForSave(IReadOnlyList<string> namesOrIds)
    {
        var found = new Dictionary<Digest, StoredImage>();
        foreach (var text in namesOrIds)
        {
            foreach (var (image, names) in FindAll(text))
            {
                var before = found.GetValueOrDefault(image.Id)?.Names ?? [];
                found[image.Id] = new StoredImage(image.Id, image.Manifest, [.. before.Union(names)]);
            }
        }

        return [.. found.Values];
    }

    /// <summary>Writes images as <c>docker save</c> does: an archive that is an OCI image layout too.</summary>
    /// <param name="images">What <see cref="FindForSave"/> found.</param>
    /// <param name="open">Gives the pipe to write to; told the archive's length, or null where that is known only at its end.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task SaveAsync(IReadOnlyList<StoredImage> images, Func<long?, Task<PipeWriter>> open, CancellationToken cancellationToken)
    {
        // What is being written must not be collected.
        using var lease = BeginStoring();
        var writer = new ImageArchiveWriter(_content, images);
        var pipe = await open(writer.Length);
        await OwnThread.Run(() =>
        {
            using var stream = new PipeWriteStream(pipe, cancellationToken);
            writer.Write(stream);
        });
        lease.Complete();
        foreach (var image in images)
        {
            Publish("save", image.Id, image.Id.ToString());
        }
    }

    private IEnumerable<(ImageRecord Image, IEnumerable<ImageReference> Names)> FindAll(string nameOrId)
    {
        if (ImageReference.TryParse(nameOrId, out var name))
        {
            if (name.IsNameOnly)
            {
                var tagged = Catalog.Images
                    .Select(i => (Image: i, Names: i.NameList.Where(n => n.Name == name.Name && n.Digest is null).ToList()))
                    .Where(i => i.Names.Count > 0)
                    .ToList();
                if (tagged.Count > 0)
                {
                    return tagged.Select(t => (t.Image, t.Names.AsEnumerable()));
                }
            }
            else if (Catalog.ByName(name) is { } image)
            {
                return [(image, name.Digest is null ? [name] : [])];
            }
        }

        return [(Find(nameOrId), [])];
    }
}
