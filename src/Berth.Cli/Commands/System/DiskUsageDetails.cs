using System.Text;
using System.Text.Json;
using Berth.Cli.Commands.Containers;
using Berth.Cli.Commands.Images;
using Berth.Cli.Connection;
using Berth.Cli.Formatting;

namespace Berth.Cli.Commands.System;

/// <summary>What <c>system df -v</c> prints: tables, or the same as one JSON object.</summary>
static class DiskUsageDetails
{
    private const string ImageTable =
        "{{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{if .CreatedSince }}{{.CreatedSince}}{{else}}N/A{{end}}\t{{.Size}}\t{{.SharedSize}}\t{{.UniqueSize}}\t{{.Containers}}";

    private const string ContainerTable =
        "{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.LocalVolumes}}\t{{.Size}}\t{{.RunningFor}}\t{{.Status}}\t{{.Names}}";

    public static void Print(Session session, JsonElement usage)
    {
        var text = new StringBuilder("Images space usage:\n\n");
        text.Append(Listing.Print("", ImageTable, ImageRow.Example, Images(session, usage, truncate: true)));
        text.Append("\nContainers space usage:\n\n");
        text.Append(Listing.Print("", ContainerTable, ContainerRow.Example, Containers(session, usage, truncate: true)));
        text.Append("\nLocal Volumes space usage:\n\n");
        var volumes = usage.GetProperty("Volumes").EnumerateArray().Select(volume =>
            $"{volume.Text("Name")}\t{volume.GetProperty("UsageData").Number("RefCount")}\t{HumanSize.Of(volume.GetProperty("UsageData").Number("Size"), 4)}\n");
        text.Append(TextTable.Align("VOLUME NAME\tLINKS\tSIZE\n" + string.Concat(volumes)));
        text.Append("\nBuild cache usage: 0B\n\n");
        text.Append(TextTable.Align("CACHE ID\tCACHE TYPE\tSIZE\tCREATED\tLAST USED\tUSAGE\tSHARED\n"));
        session.Out.Write(text.ToString());
    }

    public static void PrintJson(Session session, JsonElement usage)
    {
        using var memory = new MemoryStream();
        using (var writer = new Utf8JsonWriter(memory, new JsonWriterOptions { SkipValidation = true }))
        {
            writer.WriteStartObject();
            WriteRows(writer, "Images", Images(session, usage, truncate: false));
            WriteRows(writer, "Containers", Containers(session, usage, truncate: false));
            WriteRows(writer, "Volumes", usage.GetProperty("Volumes").EnumerateArray().Select(volume => new DiskUsageVolume(volume)));
            WriteRows(writer, "BuildCache", []);
            writer.WriteEndObject();
        }

        session.Out.WriteLine(Encoding.UTF8.GetString(memory.ToArray()));
    }

    private static void WriteRows(Utf8JsonWriter writer, string name, IEnumerable<Row> rows)
    {
        writer.WriteStartArray(name);
        foreach (var row in rows)
        {
            row.WriteJson(writer);
        }

        writer.WriteEndArray();
    }

    private static IEnumerable<ImageRow> Images(Session session, JsonElement usage, bool truncate) =>
        usage.GetProperty("Images").EnumerateArray().SelectMany(image => ImageRow.Of(image, withDigests: false, session.Time.GetUtcNow(), truncate));

    private static IEnumerable<ContainerRow> Containers(Session session, JsonElement usage, bool truncate) =>
        usage.Items("Containers").Select(container => new ContainerRow(container, session.Time.GetUtcNow(), truncate));
}
