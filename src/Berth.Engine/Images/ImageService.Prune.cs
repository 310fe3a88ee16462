using Berth.Api.Images;

namespace Berth.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>Removes images without a name that no container needs; with dangling=false, also those with one.</summary>
    public PruneImagesResponse Prune(Filters filters)
    {
        filters.Validate("dangling", "label", "label!", "until");
        var onlyDangling = filters.GetBoolean("dangling") ?? true;
        var until = filters.Get("until") is [var time, ..] ? ImageTime.Parse(time, _time) : (DateTimeOffset?)null;
        var items = new List<ImageDeleteItem>();
        long reclaimed = 0;
        lock (_gate)
        {
            foreach (var record in Catalog.Images.Where(i => !i.Removed && (!onlyDangling || i.Names.Count == 0)).ToList())
            {
                var image = _documents.Image(record.Id);
                if (image.CreatedAt >= until
                    || !filters.MatchesLabels("label", image.Config?.Labels)
                    || (filters.Contains("label!") && filters.MatchesLabels("label!", image.Config?.Labels))
                    || _uses.Values.Any(u => u.ImageId == record.Id))
                {
                    continue;
                }

                reclaimed += LayersOnlyOf(record).Sum(_layers.SizeOf);
                items.AddRange(Remove(record.Id.ToString(), force: true));
            }
        }

        return new PruneImagesResponse { ImagesDeleted = items.Count > 0 ? items : null, SpaceReclaimed = reclaimed };
    }
}
