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

        if (!_force.Value && !Confirmation.Ask(session, Warning()))
        {
            return 0;
        }

        var reclaimed = Pruning.Containers.PruneCommand.Prune(session, _filter.Values);
        PruneNetworks(session);
        if (_volumes.Value)
        {
            reclaimed += PruneVolumes(session);
        }

        reclaimed += Pruning.Images.PruneCommand.Prune(session, _all.Value, _filter.Values);
        session.Out.WriteLine($"Total reclaimed space: {HumanSize.Of(reclaimed, 4)}");
        return 0;
    }

    private void PruneNetworks(Session session)
    {
        using var response = session.Daemon.Post(FilterOption.Target("/networks/prune", _filter.Values));
        if (session.Daemon.Read(response, NetworkJson.Default.PruneNetworksResponse).NetworksDeleted is { Count: > 0 } deleted)
        {
            session.Out.WriteLine("Deleted Networks:\n" + string.Concat(deleted.Select(name => name + "\n")));
        }
    }

    private long PruneVolumes(Session session)
    {
        using var response = session.Daemon.Post(FilterOption.Target("/volumes/prune", _filter.Values));
        using var pruned = JsonDocument.Parse(session.Daemon.Finish(response));
        if (pruned.RootElement.Texts("VolumesDeleted").ToList() is { Count: > 0 } deleted)
        {
            session.Out.WriteLine("Deleted Volumes:\n" + string.Concat(deleted.Select(name => name + "\n")));
        }

        return pruned.RootElement.Number("SpaceReclaimed");
    }

    private string Warning()
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
        if (_filter.Values.Count > 0)
        {
            text += "\n  Items to be pruned will be filtered with:\n" + string.Concat(_filter.Values.Select(filter => $"  - {filter.Name}={filter.Value}\n"));
        }

        return text + "\nAre you sure you want to continue?";
    }
}
