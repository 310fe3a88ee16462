using System.Text.Json;
using Berth.Cli.CommandLine;
using Berth.Cli.Formatting;
using Berth.Cli.Options;

namespace Berth.Cli.Commands.System;

sealed class DiskUsageCommand : Command
{
    private readonly Flag<string> _format;
    private readonly Flag<bool> _verbose;

    public DiskUsageCommand()
        : base("[OPTIONS]", ArgumentCount.None)
    {
        _format = FormatOption.DeclareForListing(Flags);
        _verbose = Flags.Bool("verbose", 'v', "Show detailed information on space usage");
    }

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        using var usage = JsonDocument.Parse(session.Daemon.GetBytes("/system/df"));
        var root = usage.RootElement;
        if (_verbose.Value && _format.Value is "" or "table")
        {
            DiskUsageDetails.Print(session, root);
            return 0;
        }

        if (_verbose.Value)
        {
            DiskUsageDetails.Print(session, root, _format.Value);
            return 0;
        }

        const string Table = "{{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}";
        session.Out.Write(Listing.Print(_format.Value, Table, DiskUsageRow.Example, DiskUsageRow.Of(root)));
        return 0;
    }
}
