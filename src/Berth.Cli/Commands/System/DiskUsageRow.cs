using System.Globalization;
using System.Text.Json;
using Berth.Cli.Connection;
using Berth.Cli.Formatting;

namespace Berth.Cli.Commands.System;

/// <summary>One kind of objects in <c>system df</c>.</summary>
sealed class DiskUsageRow(string type, string typeName, int total, int active, long size, long reclaimable, bool withShare) : Row
{
    public static DiskUsageRow Example { get; } = new("", "", 0, 0, 0, 0, false);

    public override string TypeName => $"*formatter.{typeName}";

    public override IReadOnlyList<(string Field, string Title)> Columns { get; } =
        [("Active", "ACTIVE"), ("Reclaimable", "RECLAIMABLE"), ("Size", "SIZE"), ("TotalCount", "TOTAL"), ("Type", "TYPE")];

    public static IReadOnlyList<DiskUsageRow> Of(JsonElement usage) => [OfImages(usage), OfContainers(usage), OfVolumes(usage), new("Build Cache", "diskUsageBuilderContext", 0, 0, 0, 0, false)];

    public override string Value(string field) => field switch
    {
        "Type" => type,
        "TotalCount" => total.ToString(CultureInfo.InvariantCulture),
        "Active" => active.ToString(CultureInfo.InvariantCulture),
        "Size" => HumanSize.Of(size, 4),
        _ => withShare && size > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{HumanSize.Of(reclaimable, 4)} ({reclaimable * 100 / size}%)")
            : HumanSize.Of(reclaimable, 4),
    };

    private static DiskUsageRow OfImages(JsonElement usage)
    {
        var images = List(usage, "Images");
        var size = usage.Number("LayersSize");
        var used = images.Where(i => i.Number("Containers") != 0).Sum(i => i.Number("Size") - i.Number("SharedSize"));
        return new DiskUsageRow("Images", "diskUsageImagesContext", images.Count, images.Count(i => i.Number("Containers") > 0), size, size - used, true);
    }

    private static DiskUsageRow OfContainers(JsonElement usage)
    {
        var containers = List(usage, "Containers");
        var active = containers.Where(c => c.Text("State") is "running" or "paused" or "restarting").ToList();
        var size = containers.Sum(c => c.Number("SizeRw"));
        return new DiskUsageRow("Containers", "diskUsageContainersContext", containers.Count, active.Count, size, size - active.Sum(c => c.Number("SizeRw")), true);
    }

    private static DiskUsageRow OfVolumes(JsonElement usage)
    {
        var volumes = List(usage, "Volumes").Select(v => v.GetProperty("UsageData")).ToList();
        var active = volumes.Where(v => v.Number("RefCount") > 0).ToList();
        var size = volumes.Sum(v => v.Number("Size"));
        return new DiskUsageRow("Local Volumes", "diskUsageVolumesContext", volumes.Count, active.Count, size, size - active.Sum(v => v.Number("Size")), true);
    }

    private static List<JsonElement> List(JsonElement usage, string name) =>
        usage.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];
}
