using Berth.Api.Containers;
using Berth.Cli.CommandLine;
using Berth.Cli.Formatting;
using Berth.Cli.Options;

namespace Berth.Cli.Commands.Containers;

sealed class PruneCommand : Command
{
    private readonly ListFlag<(string Name, string Value)> _filter;
    private readonly Flag<bool> _force;

    public PruneCommand()
        : base("[OPTIONS]", ArgumentCount.None)
    {
        _filter = FilterOption.DeclareForPruning(Flags, "Provide filter values (e.g. \"until=<timestamp>\")");
        _force = Flags.Bool("force", 'f', "Do not prompt for confirmation");
    }

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        if (!_force.Value && !Confirmation.Ask(session, "WARNING! This will remove all stopped containers.\nAre you sure you want to continue?"))
        {
            return 0;
        }

        var reclaimed = Prune(session, session.Config.PruneFilters(_filter.Values));
        session.Out.WriteLine($"Total reclaimed space: {HumanSize.Of(reclaimed, 4)}");
        return 0;
    }

    /// <summary>Removes stopped containers and prints their ids.</summary>
    /// <returns>The bytes that they took.</returns>
    public static long Prune(Session session, IReadOnlyList<(string Name, string Value)> filters)
    {
        using var response = session.Daemon.Post(FilterOption.Target("/containers/prune", filters));
        var pruned = session.Daemon.Read(response, ContainerJson.Default.PruneContainersResponse);
        if (pruned.ContainersDeleted is { Count: > 0 } deleted)
        {
            session.Out.WriteLine("Deleted Containers:\n" + string.Concat(deleted.Select(id => id + "\n")));
        }

        return pruned.SpaceReclaimed;
    }
}
