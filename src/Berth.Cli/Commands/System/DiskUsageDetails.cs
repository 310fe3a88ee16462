using System.Text;
using System.Text.Json;
using Berth.Api.Containers;
using Berth.Cli.Commands.Containers;
using Berth.Cli.Commands.Images;
using Berth.Cli.Connection;
using Berth.Cli.Formatting;

namespace Berth.Cli.Commands.System;

/// <summary>The tables of <c>system df -v</c>.</summary>
static class DiskUsageDetails
{
    private const string ImageTable =
        "{{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{if .CreatedSince }}{{.CreatedSince}}{{else}}N/A{{end}}\t{{.Size}}\t{{.SharedSize}}\t{{.UniqueSize}}\t{{.Containers}}";

    private const string ContainerTable =
        "{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.LocalVolumes}}\t{{.Size}}\t{{.RunningFor}}\t{{.Status}}\t{{.Names}}";

    public static void Print(Session session, JsonElement usage)
    {
        var now = session.Time.GetUtcNow();
        var text = new StringBuilder("Images space usage:\n\n");
        text.Append(Listing.Print(
            "", ImageTable, ImageRow.Example, usage.GetProperty("Images").EnumerateArray().SelectMany(image => ImageRow.Of(image, withDigests: false, now, truncate: true))));
        text.Append("\nContainers space usage:\n\n");
        var containers = JsonSerializer.Deserialize(usage.GetProperty("Containers"), ContainerJson.Default.IReadOnlyListContainerSummary) ?? [];
        text.Append(Listing.Print("", ContainerTable, ContainerRow.Example, containers.Select(container => new ContainerRow(container, now, truncate: true))));
        text.Append("\nLocal Volumes space usage:\n\n");
        var volumes = usage.GetProperty("Volumes").EnumerateArray().Select(volume =>
            $"{volume.Text("Name")}\t{volume.GetProperty("UsageData").Number("RefCount")}\t{HumanSize.Of(volume.GetProperty("UsageData").Number("Size"), 4)}\n");
        text.Append(TextTable.Align("VOLUME NAME\tLINKS\tSIZE\n" + string.Concat(volumes)));
        text.Append("\nBuild cache usage: 0B\n\n");
        text.Append(TextTable.Align("CACHE ID\tCACHE TYPE\tSIZE\tCREATED\tLAST USED\tUSAGE\tSHARED\n"));
        session.Out.Write(text.ToString());
    }
}
