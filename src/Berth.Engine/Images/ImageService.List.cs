using Berth.Api.Images;
using Berth.Oci;

namespace Berth.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>The images that the filters leave, the newest first.</summary>
    public IReadOnlyList<ImageSummary> List(Filters filters)
    {
        filters.Validate("dangling", "label", "before", "since", "reference", "until");
        var before = filters.Get("before") is [var beforeName, ..] ? CreatedOf(beforeName) : (DateTimeOffset?)null;
        var since = filters.Get("since") is [var sinceName, ..] ? CreatedOf(sinceName) : (DateTimeOffset?)null;
        var until = filters.Get("until") is [var time, ..] ? ImageTime.Parse(time, _time) : (DateTimeOffset?)null;
        var dangling = filters.GetBoolean("dangling");
        var patterns = filters.Get("reference").Select(p => new NamePattern(p)).ToList();
        return
        [
            .. Catalog.Images
                .Where(i => !i.Removed)
                .Where(i => dangling is null || dangling == (i.Names.Count == 0))
                .Select(i => (Record: i, Image: _documents.Image(i.Id)))
                .Where(i => !(i.Image.CreatedAt >= before) && !(i.Image.CreatedAt <= since) && !(i.Image.CreatedAt >= until))
                .Where(i => filters.MatchesLabels("label", i.Image.Config?.Labels))
                .Select(i => (i.Record, i.Image, Names: NamesOf(i.Record)
                    .Where(n => patterns.Count == 0 || patterns.Exists(p => p.Matches(n))).ToList()))
                .Where(i => patterns.Count == 0 || i.Names.Count > 0)
                .OrderByDescending(i => i.Image.CreatedAt)
                .ThenBy(i => i.Record.Id.ToString(), StringComparer.Ordinal)
                .Select(i => new ImageSummary
                {
                    Id = i.Record.Id.ToString(),
                    RepoTags = [.. i.Names.Where(n => n.Digest is null).Select(n => n.Familiar)],
                    RepoDigests = [.. i.Names.Where(n => n.Digest is not null).Select(n => n.Familiar)],
                    Created = i.Image.CreatedAt == DateTimeOffset.MinValue ? 0 : i.Image.CreatedAt.ToUnixTimeSeconds(),
                    Size = SizeOf(i.Record),
                    Labels = i.Image.Config?.Labels,
                }),
        ];
    }

    private DateTimeOffset CreatedOf(string nameOrId) => _documents.Image(Find(nameOrId).Id).CreatedAt;

    /// <summary>The sum of the lengths of an image's files, all layers; 0 where the image is gone.</summary>
    public long SizeOf(Digest imageId) => Catalog.ById(imageId) is { } image ? SizeOf(image) : 0;

    private long SizeOf(ImageRecord image) => _documents.ChainIds(image.Id).Sum(_layers.SizeOf);
}
