using Berth.Api.Images;
using Berth.Oci;

namespace Berth.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>All images with what they share and how many containers each has, and the size of all layers. No tree is walked.</summary>
    public (IReadOnlyList<ImageSummary> Images, long LayersSize) DiskUsage()
    {
        Dictionary<string, int> containers;
        lock (_gate)
        {
            containers = _uses.Values.CountBy(u => u.ImageId.ToString()).ToDictionary();
        }

        var catalog = Catalog;
        var users = catalog.Images.Where(_documents.IsReadable).SelectMany(i => _documents.ChainIds(i.Id)).CountBy(l => l).ToDictionary();
        var images = List(catalog, Filters.Parse(null), all: false).Select(image => image with
        {
            Containers = containers.GetValueOrDefault(image.Id),
            SharedSize = _documents.ChainIds(Digest.Parse(image.Id)).Where(l => users[l] > 1).Sum(_layers.SizeOf),
        });
        return ([.. images], users.Keys.Sum(_layers.SizeOf));
    }
}
