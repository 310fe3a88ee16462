using System.Text;
using System.Text.Json;
using Berth.Cli.Commands.Containers;
using Berth.Cli.Commands.Images;
using Berth.Cli.Connection;
using Berth.Cli.Formatting;
using Berth.Cli.Templates;
using Berth.Cli.Templates.Types;

namespace Berth.Cli.Commands.System;

/// <summary>What <c>system df -v</c> prints: tables, or what a template makes of the same.</summary>
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

    /// <summary>The same as one object, for a template of the user's.</summary>
    public static void Print(Session session, JsonElement usage, string format)
    {
        var template = Listing.Parse(Listing.TemplateOf(format, table: ""), "template parsing error", exitCode: 1);
        var facts = ClientFacts.Structure("formatter.diskUsageContext", new()
        {
            ["Images"] = Rows("[]*formatter.imageContext", Images(session, usage, truncate: false)),
            ["Containers"] = Rows("[]*formatter.ContainerContext", Containers(session, usage, truncate: false)),
            ["Volumes"] = Rows("[]*formatter.volumeContext", usage.Items("Volumes").Select(volume => new DiskUsageVolume(volume))),
            ["BuildCache"] = Rows("[]*formatter.buildCacheContext", []),
        });
        var text = new StringBuilder();
        try
        {
            template.Execute(GoValue.PointerTo(facts), text);
        }
        catch (TemplateException wrong)
        {
            session.Out.Write(text.ToString());
            throw new CommandException(wrong.Message);
        }

        session.Out.Write(text.ToString());
    }

    private static GoValue Rows(string type, IEnumerable<Row> rows) => new(GoType.Of(type), rows.Select(row => row.ToValue()).ToArray());

    private static IEnumerable<ImageRow> Images(Session session, JsonElement usage, bool truncate) =>
        usage.GetProperty("Images").EnumerateArray().Select(image => ImageRow.First(image, session.Time.GetUtcNow(), truncate));

    private static IEnumerable<ContainerRow> Containers(Session session, JsonElement usage, bool truncate) =>
        usage.Items("Containers").Select(container => new ContainerRow(container, session.Time.GetUtcNow(), truncate));
}
