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
        lock (_gate)
        {
            var sizes = Catalog.Images.SelectMany(i => _documents.ChainIds(i.Id)).Distinct().ToDictionary(c => c.ToString(), _layers.SizeOf);
            foreach (var record in Catalog.Images.Where(i => !i.Removed && (!onlyDangling || i.Names.Count == 0)).ToList())
            {
                if (Catalog.ById(record.Id) is null)
                {
                    // Went with an image that was committed from it.
                    continue;
                }

                var image = _documents.Image(record.Id);
                if (image.CreatedAt >= until
                    || !filters.MatchesLabels("label", image.Config?.Labels)
                    || (filters.Contains("label!") && filters.MatchesLabels("label!", image.Config?.Labels))
                    || _uses.Values.Any(u => u.ImageId == record.Id))
                {
                    continue;
                }

                // One that others were committed from loses its names only.
                string[] wanted = Catalog.HasChildren(record.Id) ? [.. NamesOf(record).Select(n => n.Canonical)] : [record.Id.ToString()];
                items.AddRange(wanted.SelectMany(name => Remove(name, force: true)));
            }

            var reclaimed = items.Sum(i => sizes.GetValueOrDefault(i.Deleted ?? ""));
            _events.Publish("image", "prune", "", new Dictionary<string, string> { ["reclaimed"] = $"{reclaimed}" });
            return new PruneImagesResponse { ImagesDeleted = items.Count > 0 ? items : null, SpaceReclaimed = reclaimed };
        }
    }
}
