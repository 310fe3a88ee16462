using System.Globalization;
using Berth.Api.Registry;
using Berth.Cli.Formatting;

namespace Berth.Cli.Commands.Registry;

/// <summary>One repository that was found.</summary>
sealed class SearchRow(SearchResult result, bool truncate) : Row
{
    private const int DescriptionMax = 45;

    public static SearchRow Example { get; } = new(new SearchResult(0, false, "", false, ""), true);

    public override string TypeName => "*registry.searchContext";

    public override IReadOnlyList<(string Field, string Title)> Columns { get; } =
        [("Description", "DESCRIPTION"), ("IsOfficial", "OFFICIAL"), ("Name", "NAME"), ("StarCount", "STARS")];

    public override string Value(string field) => field switch
    {
        "Name" => result.Name,
        "Description" => Description(),
        "StarCount" => result.StarCount.ToString(CultureInfo.InvariantCulture),
        "IsOfficial" => result.IsOfficial ? "[OK]" : "",
        _ => "",
    };

    private string Description()
    {
        var text = result.Description.Replace('\n', ' ').Replace('\r', ' ');
        return truncate && text.Length > DescriptionMax ? text[..(DescriptionMax - 1)] + "…" : text;
    }
}
