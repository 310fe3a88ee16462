using System.Text.Json;
using Berth.Cli.CommandLine;
using Berth.Cli.Connection;
using Berth.Cli.Formatting;
using Berth.Cli.Options;

namespace Berth.Cli.Commands.Images;

sealed class ListCommand : Command
{
    private readonly Flag<bool> _all;
    private readonly Flag<bool> _digests;
    private readonly ListFlag<(string Name, string Value)> _filter;
    private readonly Flag<string> _format;
    private readonly Flag<bool> _noTrunc;
    private readonly Flag<bool> _quiet;
    private readonly Flag<bool> _tree;

    public ListCommand()
        : base("[OPTIONS] [REPOSITORY[:TAG]]", ArgumentCount.AtMost(1))
    {
        _all = Flags.Bool("all", 'a', "Show all images (default hides intermediate images)");
        _digests = Flags.Bool("digests", null, "Show digests");
        _filter = FilterOption.Declare(Flags);
        _format = FormatOption.DeclareForListing(Flags);
        _noTrunc = Flags.Bool("no-trunc", null, "Don't truncate output");
        _quiet = Flags.Bool("quiet", 'q', "Only show image IDs");
        _tree = Flags.Bool("tree", null, "List multi-platform images as a tree (EXPERIMENTAL)");
    }

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        if (_tree.Value)
        {
            RefuseWithTree();
        }

        IReadOnlyList<(string, string)> filters = arguments.Count == 0 ? _filter.Values : [.. _filter.Values, ("reference", arguments[0])];
        var target = new QueryString("/images/json").AddIf(_all.Value, "all").AddNonEmpty("filters", FilterOption.ToJson(filters)).AddIf(_tree.Value, "manifests");
        using var images = JsonDocument.Parse(session.Daemon.GetBytes(target.ToString()));
        if (_tree.Value)
        {
            session.Out.Write(ImageTree.ForOutput().Print(images.RootElement, _all.Value));
            return 0;
        }

        var now = session.Time.GetUtcNow();
        var rows = images.RootElement.EnumerateArray()
            .SelectMany(image => ImageRow.Of(image, _digests.Value, now, !_noTrunc.Value));
        if (_quiet.Value)
        {
            // One line for each image, not for each of its names.
            rows = rows.DistinctBy(row => row.Value("ID") + row.Value("Repository") + row.Value("Tag"));
        }

        var format = _quiet.Value && _format.Value is "" or "table" ? "{{.ID}}"
            : _format.Value.Length > 0 ? _format.Value
            : session.Config.Format("imagesFormat");
        var columns = _digests.Value
            ? "{{.Repository}}\t{{.Tag}}\t{{.Digest}}\t{{.ID}}\t{{if .CreatedSince }}{{.CreatedSince}}{{else}}N/A{{end}}\t{{.Size}}"
            : "{{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{if .CreatedSince }}{{.CreatedSince}}{{else}}N/A{{end}}\t{{.Size}}";
        session.Out.Write(Listing.Print(format == "raw" ? Raw() : format, columns, ImageRow.Example, rows));
        return 0;
    }

    private string Raw() => _quiet.Value ? "image_id: {{.ID}}"
        : "repository: {{.Repository}}\ntag: {{.Tag}}\n" + (_digests.Value ? "digest: {{.Digest}}\n" : "")
            + "image_id: {{.ID}}\ncreated_at: {{.CreatedAt}}\nvirtual_size: {{.Size}}\n";

    /// <summary>What a tree cannot show yet, in the order in which docker tells it.</summary>
    private void RefuseWithTree()
    {
        var refused = _quiet.Value ? "--quiet"
            : _noTrunc.Value ? "--no-trunc"
            : _digests.Value ? "--show-digest"
            : _format.Value.Length > 0 ? "--format"
            : null;
        if (refused is not null)
        {
            throw new CommandException($"{refused} is not yet supported with --tree");
        }
    }
}
