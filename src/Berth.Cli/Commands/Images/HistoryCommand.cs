using System.Text.Json;
using Berth.Cli.CommandLine;
using Berth.Cli.Connection;
using Berth.Cli.Formatting;
using Berth.Cli.Options;

namespace Berth.Cli.Commands.Images;

sealed class HistoryCommand : Command
{
    private readonly Flag<string> _format;
    private readonly Flag<bool> _human;
    private readonly Flag<bool> _noTrunc;
    private readonly Flag<string> _platform;
    private readonly Flag<bool> _quiet;

    public HistoryCommand()
        : base("[OPTIONS] IMAGE", ArgumentCount.Exactly(1))
    {
        _format = FormatOption.DeclareForListing(Flags);
        _human = Flags.Bool("human", 'H', "Print sizes and dates in human readable format", initial: true);
        _noTrunc = Flags.Bool("no-trunc", null, "Don't truncate output");
        _platform = Flags.String("platform", null, "Show history for the given platform. Formatted as \"os[/arch[/variant]]\" (e.g., \"linux/amd64\")");
        _quiet = Flags.Bool("quiet", 'q', "Only show image IDs");
    }

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var target = new QueryString($"/images/{QueryString.Escape(arguments[0])}/history").AddNonEmpty("platform", _platform.Value);
        using var history = JsonDocument.Parse(session.Daemon.GetBytes(target.ToString()));
        var now = session.Time.GetUtcNow();
        var rows = history.RootElement.EnumerateArray().Select(step => new HistoryRow(step, now, !_noTrunc.Value, _human.Value));
        var format = _quiet.Value && _format.Value is "" or "table" ? "{{.ID}}" : _format.Value;
        var columns = _human.Value
            ? "{{.ID}}\t{{.CreatedSince}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}"
            : "{{.ID}}\t{{.CreatedAt}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}";
        session.Out.Write(Listing.Print(format, columns, HistoryRow.Example, rows));
        return 0;
    }
}
