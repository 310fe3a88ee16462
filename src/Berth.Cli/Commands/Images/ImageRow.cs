using System.Globalization;
using System.Text.Json;
using Berth.Cli.Connection;
using Berth.Cli.Formatting;

namespace Berth.Cli.Commands.Images;

/// <summary>One name of an image in the listing.</summary>
sealed class ImageRow(JsonElement image, string repository, string tag, string digest, DateTimeOffset now, bool truncate) : Row
{
    private const string None = "<none>";

    private static readonly (string Field, string Title)[] _columns =
    [
        ("Containers", "CONTAINERS"), ("CreatedAt", "CREATED AT"), ("CreatedSince", "CREATED"), ("Digest", "DIGEST"), ("ID", "IMAGE ID"),
        ("Repository", "REPOSITORY"), ("SharedSize", "SHARED SIZE"), ("Size", "SIZE"), ("Tag", "TAG"), ("UniqueSize", "UNIQUE SIZE"),
        ("VirtualSize", "VIRTUAL SIZE"),
    ];

    public static ImageRow Example { get; } = new(default, "", "", "", default, true);

    public override string TypeName => "*formatter.imageContext";

    public override IReadOnlyList<(string Field, string Title)> Columns => _columns;

    /// <summary>A line for each tag; with digests, for each tag's digest; one for an image that has no name.</summary>
    public static IEnumerable<ImageRow> Of(JsonElement image, bool withDigests, DateTimeOffset now, bool truncate)
    {
        var digests = new Lazy<ILookup<string, string>>(() => Digests(image));
        var any = false;
        foreach (var name in image.Texts("RepoTags"))
        {
            if (name == "<none>:<none>")
            {
                continue;
            }

            any = true;
            var colon = name.LastIndexOf(':');
            var (repository, tag) = (name[..colon], name[(colon + 1)..]);
            foreach (var digest in withDigests && digests.Value.Contains(repository) ? digests.Value[repository] : [None])
            {
                yield return new ImageRow(image, repository, tag, digest, now, truncate);
            }
        }

        if (any)
        {
            yield break;
        }

        foreach (var named in digests.Value)
        {
            any = true;
            yield return new ImageRow(image, named.Key, None, named.First(), now, truncate);
        }

        if (!any)
        {
            yield return new ImageRow(image, None, None, None, now, truncate);
        }
    }

    /// <summary>One line for an image, whatever the number of its names: the first of them.</summary>
    public static ImageRow First(JsonElement image, DateTimeOffset now, bool truncate)
    {
        var name = image.Texts("RepoTags").FirstOrDefault() ?? "<none>:<none>";
        var colon = name.LastIndexOf(':');
        return new ImageRow(image, name[..colon], name[(colon + 1)..], "", now, truncate);
    }

    public override string Value(string field) => field switch
    {
        "ID" => Id(),
        "Repository" => repository,
        "Tag" => tag,
        "Digest" => digest,
        "CreatedAt" => GoTime.Local(Created),
        "CreatedSince" => image.Number("Created") <= 0 ? "" : HumanDuration.Of(now - Created) + " ago",
        "Size" => HumanSize.Of(image.Number("Size"), 3),
        "VirtualSize" => HumanSize.Of(image.Number("Size"), 4),
        "Containers" => Count("Containers"),
        "SharedSize" => image.Number("SharedSize") is >= 0 and var shared && image.TryGetProperty("SharedSize", out _) ? HumanSize.Of(shared, 4) : "N/A",
        "UniqueSize" => image.Number("SharedSize") is >= 0 and var shared && image.TryGetProperty("SharedSize", out _)
            ? HumanSize.Of(image.Number("Size") - shared, 4)
            : "N/A",
        _ => "",
    };

    /// <summary>The image's digests by the repository that they are known in.</summary>
    private static ILookup<string, string> Digests(JsonElement image) =>
        image.Texts("RepoDigests").Where(name => !name.StartsWith("<none>@", StringComparison.Ordinal))
            .Select(name => name.Split('@', 2)).Where(parts => parts.Length == 2).ToLookup(parts => parts[0], parts => parts[1]);

    private DateTimeOffset Created => DateTimeOffset.FromUnixTimeSeconds(image.Number("Created"));

    private string Id() => truncate ? ShortId.Of(image.Text("Id")) : image.Text("Id");

    private string Count(string member) => image.Number(member) is >= 0 and var number && image.TryGetProperty(member, out _)
        ? number.ToString(CultureInfo.InvariantCulture)
        : "N/A";
}
