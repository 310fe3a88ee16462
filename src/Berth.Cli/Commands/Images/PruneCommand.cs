using Berth.Api.Images;
using Berth.Cli.CommandLine;
using Berth.Cli.Formatting;
using Berth.Cli.Options;

namespace Berth.Cli.Commands.Images;

sealed class PruneCommand : Command
{
    private readonly Flag<bool> _all;
    private readonly ListFlag<(string Name, string Value)> _filter;
    private readonly Flag<bool> _force;

    public PruneCommand()
        : base("[OPTIONS]", ArgumentCount.None)
    {
        _all = Flags.Bool("all", 'a', "Remove all unused images, not just dangling ones");
        _filter = FilterOption.DeclareForPruning(Flags, "Provide filter values (e.g. \"until=<timestamp>\")");
        _force = Flags.Bool("force", 'f', "Do not prompt for confirmation");
    }

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var what = _all.Value ? "all images without at least one container associated to them" : "all dangling images";
        if (!_force.Value && !Confirmation.Ask(session, $"WARNING! This will remove {what}.\nAre you sure you want to continue?"))
        {
            return 0;
        }

        var reclaimed = Prune(session, _all.Value, session.Config.PruneFilters(_filter.Values));
        session.Out.WriteLine($"Total reclaimed space: {HumanSize.Of(reclaimed, 4)}");
        return 0;
    }

    /// <summary>Removes images that no container needs and prints what was removed.</summary>
    /// <returns>The bytes that they took.</returns>
    public static long Prune(Session session, bool all, IReadOnlyList<(string Name, string Value)> filters)
    {
        using var response = session.Daemon.Post(FilterOption.Target("/images/prune", [.. filters, ("dangling", all ? "false" : "true")]));
        var pruned = session.Daemon.Read(response, ImageJson.Default.PruneImagesResponse);
        if (pruned.ImagesDeleted is { Count: > 0 } deleted)
        {
            session.Out.WriteLine("Deleted Images:\n" + string.Concat(deleted.Select(item =>
                item.Untagged is { Length: > 0 } name ? $"untagged: {name}\n" : $"deleted: {item.Deleted}\n")));
        }

        return pruned.SpaceReclaimed;
    }
}
