using Berth.Api.Images;

namespace Berth.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>How an image came to be, the newest step first.</summary>
    public IReadOnlyList<ImageHistoryItem> History(string nameOrId)
    {
        var record = Find(nameOrId);
        var chain = _documents.ChainIds(record.Id);
        var items = new List<ImageHistoryItem>();
        var layer = 0;
        foreach (var step in _documents.Image(record.Id).History ?? [])
        {
            // A history that names more layers than there are is wrong about the rest.
            var hasLayer = !step.EmptyLayer && layer < chain.Count;
            items.Insert(0, new ImageHistoryItem
            {
                Id = "<missing>",
                Created = step.Created?.ToUnixTimeSeconds() ?? 0,
                CreatedBy = step.CreatedBy ?? "",
                Size = hasLayer && _layers.Contains(chain[layer]) ? _layers.SizeOf(chain[layer]) : 0,
                Comment = step.Comment ?? "",
            });
            layer += hasLayer ? 1 : 0;
        }

        // Each image added the step before its parent's newest.
        var image = record;
        for (var i = 0; i < items.Count && image is not null; i++)
        {
            var tags = image.NameList.Where(n => n.Digest is null).Select(n => n.Familiar).ToList();
            items[i] = items[i] with { Id = image.Id.ToString(), Tags = tags.Count > 0 ? tags : null };
            image = Catalog.ParentOf(image);
        }

        return items;
    }
}
