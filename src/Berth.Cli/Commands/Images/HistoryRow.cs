using System.Globalization;
using System.Text.Json;
using Berth.Cli.Connection;
using Berth.Cli.Formatting;

namespace Berth.Cli.Commands.Images;

/// <summary>One step of an image's history.</summary>
sealed class HistoryRow(JsonElement step, DateTimeOffset now, bool truncate, bool human) : Row
{
    private const int ShortCommand = 45;

    public static HistoryRow Example { get; } = new(default, default, true, true);

    public override string TypeName => "*image.historyContext";

    public override IReadOnlyList<(string Field, string Title)> Columns { get; } =
    [
        ("Comment", "COMMENT"), ("CreatedAt", "CREATED AT"), ("CreatedBy", "CREATED BY"), ("CreatedSince", "CREATED"), ("ID", "IMAGE"), ("Size", "SIZE"),
    ];

    public override string Value(string field) => field switch
    {
        "ID" => Id(),
        "CreatedAt" => step.Number("Created") <= 0 ? "N/A" : GoTime.Rfc3339(Created),
        "CreatedSince" => step.Number("Created") <= 0 ? "N/A" : human ? HumanDuration.Of(now - Created) + " ago" : GoTime.Rfc3339(Created),
        "CreatedBy" => Command(),
        "Size" => human ? HumanSize.Of(step.Number("Size"), 3) : step.Number("Size").ToString(CultureInfo.InvariantCulture),
        "Comment" => step.Text("Comment"),
        _ => "",
    };

    private DateTimeOffset Created => DateTimeOffset.FromUnixTimeSeconds(step.Number("Created"));

    private string Id() => truncate ? ShortId.Of(step.Text("Id")) : step.Text("Id");

    private string Command()
    {
        var command = step.Text("CreatedBy").Replace('\t', ' ');
        return truncate && command.Length > ShortCommand ? command[..(ShortCommand - 1)] + "…" : command;
    }
}
