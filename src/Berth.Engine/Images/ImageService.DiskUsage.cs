using Berth.Api.Images;
using Berth.Oci;

namespace Berth.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>All images with what they share and how many containers each has, and the size of all layers. No tree is walked.</summary>
    public (IReadOnlyList<ImageSummary> Images, long LayersSize) DiskUsage()
    {
        lock (_gate)
        {
            var users = new Dictionary<Digest, int>();
            foreach (var layer in Catalog.Images.SelectMany(i => _documents.ChainIds(i.Id)))
            {
                users[layer] = users.GetValueOrDefault(layer) + 1;
            }

            var containers = _uses.Values.CountBy(u => u.ImageId.ToString()).ToDictionary();
            var images = List(Filters.Parse(null)).Select(image => image with
            {
                Containers = containers.GetValueOrDefault(image.Id),
                SharedSize = _documents.ChainIds(Digest.Parse(image.Id)).Where(l => users[l] > 1).Sum(_layers.SizeOf),
            });
            return ([.. images], users.Keys.Sum(_layers.SizeOf));
        }
    }
}
