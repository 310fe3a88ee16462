using System.Runtime.CompilerServices;
using Berth.Api.Images;
using Berth.Oci;

namespace Berth.Engine.Images;

public sealed partial class ImageService
{
    // What a listing says of an image is the same as long as its record is: listings are asked for often, and there may be hundreds.
    private readonly ConditionalWeakTable<ImageRecord, ListedImage> _listed = [];

    /// <summary>The images that the filters leave, the newest first.</summary>
    /// <param name="all">Also images without a name that others were committed from.</param>
    public IReadOnlyList<ImageSummary> List(Filters filters, bool all = false) => List(Catalog, filters, all);

    private IReadOnlyList<ImageSummary> List(ImageCatalog catalog, Filters filters, bool all)
    {
        var parents = catalog.Images.Where(i => !i.Removed).Select(i => i.Parent).OfType<Digest>().ToHashSet();
        filters.Validate("dangling", "label", "before", "since", "reference", "until");
        var before = filters.Get("before") is [var beforeName, ..] ? CreatedOf(beforeName) : (DateTimeOffset?)null;
        var since = filters.Get("since") is [var sinceName, ..] ? CreatedOf(sinceName) : (DateTimeOffset?)null;
        var until = filters.Get("until") is [var time, ..] ? ImageTime.Parse(time, _time) : (DateTimeOffset?)null;
        var dangling = filters.GetBoolean("dangling");
        var patterns = filters.Get("reference").Select(p => new NamePattern(p)).ToList();
        return
        [
            .. catalog.Images
                .Where(i => !i.Removed)
                .Where(i => (all && dangling != true) || i.Names.Count > 0 || !parents.Contains(i.Id))
                .Where(i => dangling is null || dangling == (i.Names.Count == 0))
                .Where(_documents.IsReadable)
                .Select(i => (Record: i, Listed: _listed.GetValue(i, Describe)))
                .Where(i => !(i.Listed.Created >= before) && !(i.Listed.Created <= since) && !(i.Listed.Created >= until))
                .Where(i => filters.MatchesLabels("label", i.Listed.Summary.Labels))
                .Select(i => (i.Record, Listed: i.Listed.WithNames(n => patterns.Count == 0 || patterns.Exists(p => p.Matches(n)))))
                .Where(i => patterns.Count == 0 || i.Listed.Names.Count > 0)
                .OrderByDescending(i => i.Listed.Created)
                .ThenBy(i => i.Listed.Summary.Id, StringComparer.Ordinal)
                .Select(i => i.Listed.Summary with { Size = SizeOf(i.Record), ParentId = catalog.ParentOf(i.Record)?.Id.ToString() ?? "" }),
        ];
    }

    private ListedImage Describe(ImageRecord record)
    {
        var image = _documents.Image(record.Id);
        var created = image.CreatedAt;
        return new ListedImage(created, [.. record.NameList], new ImageSummary
        {
            Id = record.Id.ToString(),
            Created = created == DateTimeOffset.MinValue ? 0 : created.ToUnixTimeSeconds(),
            Labels = WireMap.Sorted(image.Config?.Labels),
        }).WithNames(_ => true);
    }

    private DateTimeOffset CreatedOf(string nameOrId) => _documents.Image(Find(nameOrId).Id).CreatedAt;

    /// <summary>The sum of the lengths of an image's files, all layers; 0 where the image is gone.</summary>
    public long SizeOf(Digest imageId) => Catalog.ById(imageId) is { } image ? SizeOf(image) : 0;

    private long SizeOf(ImageRecord image) => _documents.ChainIds(image.Id).Sum(_layers.SizeOf);

    /// <param name="Summary">All but the size, which grows when a layer is unpacked.</param>
    private sealed record ListedImage(DateTimeOffset Created, List<ImageReference> Names, ImageSummary Summary)
    {
        public ListedImage WithNames(Predicate<ImageReference> choose)
        {
            if (Summary.RepoTags is not null && Names.TrueForAll(choose))
            {
                return this;
            }

            var names = Names.FindAll(choose);
            return this with
            {
                Names = names,
                Summary = Summary with
                {
                    RepoTags = [.. names.Where(n => n.Digest is null).Select(n => n.Familiar)],
                    RepoDigests = [.. names.Where(n => n.Digest is not null).Select(n => n.Familiar)],
                },
            };
        }
    }
}
