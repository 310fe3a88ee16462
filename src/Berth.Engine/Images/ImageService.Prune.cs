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
        var images = Catalog.Images.ToList();
        var sizes = images.Where(_documents.IsReadable).SelectMany(i => _documents.ChainIds(i.Id)).Distinct().ToDictionary(c => c.ToString(), _layers.SizeOf);
        var chosen = images.Where(i => !i.Removed && (!onlyDangling || i.Names.Count == 0) && IsChosen(i, filters, until)).Select(i => i.Id).ToList();
        var items = chosen.Count == 0 ? [] : Withdraw((_, removal, uses) => chosen.ForEach(id => removal.Prune(id, onlyDangling, uses)));
        var reclaimed = items.Sum(i => sizes.GetValueOrDefault(i.Deleted ?? ""));
        _events.Publish("image", "prune", "", new Dictionary<string, string> { ["reclaimed"] = $"{reclaimed}" });
        return new PruneImagesResponse { ImagesDeleted = items.Count > 0 ? items : null, SpaceReclaimed = reclaimed };
    }

    // Of an image that cannot be read nobody knows when it was made, nor its labels: it is chosen where nobody asks for them.
    private bool IsChosen(ImageRecord record, Filters filters, DateTimeOffset? until)
    {
        if (!_documents.IsReadable(record))
        {
            return until is null && !filters.Contains("label") && !filters.Contains("label!");
        }

        var image = _documents.Image(record.Id);
        return !(image.CreatedAt >= until)
            && filters.MatchesLabels("label", image.Config?.Labels)
            && !(filters.Contains("label!") && filters.MatchesLabels("label!", image.Config?.Labels));
    }
}
