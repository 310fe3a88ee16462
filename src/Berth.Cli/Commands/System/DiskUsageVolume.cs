using System.Globalization;
using System.Text.Json;
using Berth.Cli.Connection;
using Berth.Cli.Formatting;

namespace Berth.Cli.Commands.System;

/// <summary>A volume in <c>system df -v --format json</c>.</summary>
sealed class DiskUsageVolume(JsonElement volume) : Row
{
    public override string TypeName => "*formatter.volumeContext";

    public override IReadOnlyList<(string Field, string Title)> Columns { get; } =
    [
        ("Availability", "AVAILABILITY"), ("Driver", "DRIVER"), ("Group", "GROUP"), ("Labels", "LABELS"), ("Links", "LINKS"),
        ("Mountpoint", "MOUNTPOINT"), ("Name", "VOLUME NAME"), ("Scope", "SCOPE"), ("Size", "SIZE"), ("Status", "STATUS"),
    ];

    public override string Value(string field) => field switch
    {
        "Driver" or "Mountpoint" or "Name" or "Scope" => volume.Text(field),
        "Labels" => string.Join(',', volume.Members("Labels")
            .OrderBy(label => label.Name, StringComparer.Ordinal).Select(label => $"{label.Name}={label.Value.GetString()}")),
        "Links" => volume.GetProperty("UsageData").Number("RefCount").ToString(CultureInfo.InvariantCulture),
        "Size" => HumanSize.Of(volume.GetProperty("UsageData").Number("Size"), 4),
        _ => "N/A",
    };
}
