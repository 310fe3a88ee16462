using Berth.Api.Containers;
using Berth.Archives.Trees;
using Berth.Engine.Volumes;

namespace Berth.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>Removes the volumes that no container uses: those without a name of their own, or with the filter <c>all</c> every one.</summary>
    public PruneVolumesResponse PruneVolumes(Filters filters)
    {
        filters.Validate("label", "label!", "all");
        var all = filters.Get("all") is ["1" or "true", ..];
        var unknown = _index.All.Any(c => c.Damage is { MountsKnown: false });
        if (unknown)
        {
            _log.Warning("no volume is pruned: a damaged container may use any of them");
        }

        var labels = new Dictionary<string, string>();
        var uses = VolumeUses();
        var deleted = new List<string>();
        var reclaimed = 0L;
        foreach (var name in _volumes.Names())
        {
            if (unknown || uses.ContainsKey(name) || (!all && !VolumeService.IsAnonymous(name)) || !filters.MatchesLabels("label", labels))
            {
                continue;
            }

            reclaimed += TreeSize.Of(_volumes.DataOf(name));
            _volumes.Remove(name);
            deleted.Add(name);
        }

        _events.Publish("volume", "prune", "", new Dictionary<string, string> { ["reclaimed"] = $"{reclaimed}" });
        return new PruneVolumesResponse { VolumesDeleted = deleted.Count == 0 ? null : deleted, SpaceReclaimed = reclaimed };
    }
}
