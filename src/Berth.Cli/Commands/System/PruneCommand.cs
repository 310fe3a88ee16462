using System.Text.Json;
using Berth.Api.Networks;
using Berth.Cli.CommandLine;
using Berth.Cli.Connection;
using Berth.Cli.Formatting;
using Berth.Cli.Options;
using Pruning = Berth.Cli.Commands;

namespace Berth.Cli.Commands.System;

sealed class PruneCommand : Command
{
    private readonly Flag<bool> _all;
    private readonly ListFlag<(string Name, string Value)> _filter;
    private readonly Flag<bool> _force;
    private readonly Flag<bool> _volumes;

    public PruneCommand()
        : base("[OPTIONS]", ArgumentCount.None)
    {
        _all = Flags.Bool("all", 'a', "Remove all unused images not just dangling ones");
        _filter = FilterOption.DeclareForPruning(Flags, "Provide filter values (e.g. \"label=<key>=<value>\")");
        _force = Flags.Bool("force", 'f', "Do not prompt for confirmation");
        _volumes = Flags.Bool("volumes", null, "Prune anonymous volumes");
    }

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        if (_volumes.Value && _filter.Values.Any(filter => filter.Name == "until"))
        {
            throw new CommandException("ERROR: The \"until\" filter is not supported with \"--volumes\"");
        }

        var filters = session.Config.PruneFilters(_filter.Values);
        if (!_force.Value && !Confirmation.Ask(session, Warning(filters)))
        {
            return 0;
        }

        var reclaimed = Pruning.Containers.PruneCommand.Prune(session, filters);
        PruneNetworks(session, filters);
        if (_volumes.Value)
        {
            reclaimed += PruneVolumes(session, filters);
        }

        reclaimed += Pruning.Images.PruneCommand.Prune(session, _all.Value, filters);
        session.Out.WriteLine($"Total reclaimed space: {HumanSize.Of(reclaimed, 4)}");
        return 0;
    }

    private static void PruneNetworks(Session session, List<(string Name, string Value)> filters)
    {
        using var response = session.Daemon.Post(FilterOption.Target("/networks/prune", filters));
        if (session.Daemon.Read(response, NetworkJson.Default.PruneNetworksResponse).NetworksDeleted is { Count: > 0 } deleted)
        {
            session.Out.WriteLine("Deleted Networks:\n" + string.Concat(deleted.Select(name => name + "\n")));
        }
    }

    private static long PruneVolumes(Session session, List<(string Name, string Value)> filters)
    {
        using var response = session.Daemon.Post(FilterOption.Target("/volumes/prune", filters));
        using var pruned = JsonDocument.Parse(session.Daemon.Finish(response));
        if (pruned.RootElement.Texts("VolumesDeleted").ToList() is { Count: > 0 } deleted)
        {
            session.Out.WriteLine("Deleted Volumes:\n" + string.Concat(deleted.Select(name => name + "\n")));
        }

        return pruned.RootElement.Number("SpaceReclaimed");
    }

    private string Warning(List<(string Name, string Value)> filters)
    {
        string[] parts =
        [
            "all stopped containers",
            "all networks not used by at least one container",
            .. _volumes.Value ? (string[])["all anonymous volumes not used by at least one container"] : [],
            _all.Value ? "all images without at least one container associated to them" : "all dangling images",
            _all.Value ? "all build cache" : "unused build cache",
        ];
        var text = "WARNING! This will remove:\n" + string.Concat(parts.Select(part => $"  - {part}\n"));
        if (filters.Count > 0)
        {
            text += "\n  Items to be pruned will be filtered with:\n" + string.Concat(filters.Select(filter => $"  - {filter.Name}={filter.Value}\n"));
        }

        return text + "\nAre you sure you want to continue?";
    }
}
