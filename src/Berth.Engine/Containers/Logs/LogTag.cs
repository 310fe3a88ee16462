using System.Text.RegularExpressions;
using Berth.Engine.Info;

namespace Berth.Engine.Containers.Logs;

/// <summary>The tag of a log's entries: text with the fields of Docker's template in it, such as {{.Name}}/{{.ID}}.</summary>
internal static partial class LogTag
{
    /// <summary>What syslog and the journal get where nothing is said.</summary>
    public const string Default = "{{.ID}}";

    private static readonly string[] _fields =
        ["ID", "FullID", "Name", "ImageID", "ImageFullID", "ImageName", "DaemonName", "Command", "Hostname"];

    /// <summary>Refuses what has other parts than text and those fields.</summary>
    public static void Check(string? template)
    {
        if (template is null)
        {
            return;
        }

        var unknown = Field().Matches(template).Select(m => m.Groups[1].Value).FirstOrDefault(f => !_fields.Contains(f));
        if (unknown is not null || Field().Replace(template, "").Contains("{{", StringComparison.Ordinal))
        {
            throw ContainerErrors.Invalid(
                $"invalid value for log opt tag: \"{template}\": a tag may hold {string.Join(", ", _fields.Select(f => $"{{{{.{f}}}}}"))}");
        }
    }

    public static string Of(string template, ContainerRecord record)
    {
        const int ShortLength = 12;
        return Field().Replace(template, match => match.Groups[1].Value switch
        {
            "ID" => record.Id[..ShortLength],
            "FullID" => record.Id,
            "Name" => record.Name,
            "ImageID" => record.ImageId.Hex[..ShortLength],
            "ImageFullID" => record.ImageId.ToString(),
            "ImageName" => record.Config.Image,
            "DaemonName" => "berth",
            "Command" => CommandLine.Text(record.Config),
            _ => InfoService.HostName,
        });
    }

    [GeneratedRegex(@"\{\{\s*\.([A-Za-z]+)\s*\}\}")]
    private static partial Regex Field();
}
