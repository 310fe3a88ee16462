using System.Globalization;
using System.Text.Json;
using Berth.Cli.CommandLine;
using Berth.Cli.Connection;
using Berth.Cli.Formatting;
using Berth.Cli.Options;
using Berth.Cli.Templates;

namespace Berth.Cli.Commands.Containers;

sealed class ListCommand : Command
{
    private readonly Flag<bool> _all;
    private readonly ListFlag<(string Name, string Value)> _filter;
    private readonly Flag<string> _format;
    private readonly Flag<long> _last;
    private readonly Flag<bool> _latest;
    private readonly Flag<bool> _noTrunc;
    private readonly Flag<bool> _quiet;
    private readonly Flag<bool> _size;

    public ListCommand()
        : base("[OPTIONS]", ArgumentCount.None)
    {
        _all = Flags.Bool("all", 'a', "Show all containers (default shows just running)");
        _filter = FilterOption.Declare(Flags);
        _format = FormatOption.DeclareForListing(Flags);
        _last = Flags.Int("last", 'n', "Show n last created containers (includes all states)", initial: -1);
        _latest = Flags.Bool("latest", 'l', "Show the latest created container (includes all states)");
        _noTrunc = Flags.Bool("no-trunc", null, "Don't truncate output");
        _quiet = Flags.Bool("quiet", 'q', "Only display container IDs");
        _size = Flags.Bool("size", 's', "Display total file sizes");
    }

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var chosen = _format.Value.Length > 0 ? _format.Value : session.Config.Format("psFormat");
        var last = _latest.Value && _last.Value == -1 ? 1 : _last.Value;
        // Sizes cost the daemon a walk of the file system: they are asked for where they are shown.
        var size = _size.Value || (ShowsSize(chosen) && !_quiet.Value && !_size.IsSet);
        var target = new QueryString("/containers/json")
            .AddIf(_all.Value, "all")
            .AddIf(last > 0, "limit", last.ToString(CultureInfo.InvariantCulture))
            .AddIf(size, "size")
            .AddNonEmpty("filters", FilterOption.ToJson(_filter.Values));
        using var containers = JsonDocument.Parse(session.Daemon.GetBytes(target.ToString()));
        var now = session.Time.GetUtcNow();
        var rows = containers.RootElement.EnumerateArray().Select(container => new ContainerRow(container, now, !_noTrunc.Value));
        if (_quiet.Value && _format.Value.Length > 0)
        {
            session.Warn("WARNING: Ignoring custom format, because both --format and --quiet are set.");
        }

        var format = _quiet.Value && chosen != "raw" ? "{{.ID}}" : chosen;
        var columns = "{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}" + (_size.Value ? "\t{{.Size}}" : "");
        session.Out.Write(Listing.Print(format == "raw" ? Raw() : format, columns, ContainerRow.Example, rows));
        return 0;
    }

    /// <summary>Whether a template asks for sizes. It is tried over a container that has nothing, before the daemon is asked.</summary>
    private static bool ShowsSize(string format)
    {
        if (format.Length == 0)
        {
            return false;
        }

        var template = Listing.Parse(format, "failed to parse template", exitCode: 1);
        var example = ContainerRow.Example;
        try
        {
            template.Execute(example.ToValue());
            return example.SizeAsked;
        }
        catch (TemplateException wrong)
        {
            throw new CommandException($"failed to execute template: {wrong.Message}");
        }
    }

    private string Raw() => _quiet.Value ? "container_id: {{.ID}}" : """
        container_id: {{.ID}}
        image: {{.Image}}
        command: {{.Command}}
        created_at: {{.CreatedAt}}
        state: {{- pad .State 1 0}}
        status: {{- pad .Status 1 0}}
        names: {{.Names}}
        labels: {{- pad .Labels 1 0}}
        ports: {{- pad .Ports 1 0}}

        """ + (_size.Value ? "size: {{.Size}}\n" : "");
}
