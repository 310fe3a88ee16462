using System.Globalization;
using Berth.Api.Containers;

namespace Berth.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>Removes all containers that do not run and that the filters (label, label!, until) let through.</summary>
    public async Task<PruneContainersResponse> PruneAsync(Filters filters)
    {
        filters.Validate("label", "label!", "until");
        var until = filters.Get("until") is [var text, ..] ? ReadTime(text) : (DateTimeOffset?)null;
        var deleted = new List<string>();
        var reclaimed = 0L;
        foreach (var container in _index.All)
        {
            var labels = container.Config.Labels;
            if (container.State.IsRunning || container.Damage is not null || (until is { } limit && container.Record.Created > limit)
                || !filters.MatchesLabels("label", labels)
                || (filters.Contains("label!") && filters.MatchesLabels("label!", labels)))
            {
                continue;
            }

            var size = WrittenBy(container);
            try
            {
                await RemoveAsync(container, force: false, withVolumes: false);
            }
            catch (EngineException e)
            {
                _log.Debug("not pruned", ("container", container.Id), ("error", e.Message));
                continue;
            }

            deleted.Add(container.Id);
            reclaimed += size;
        }

        _events.Publish("container", "prune", "", new Dictionary<string, string> { ["reclaimed"] = $"{reclaimed}" });
        return new PruneContainersResponse { ContainersDeleted = deleted.Count == 0 ? null : deleted, SpaceReclaimed = reclaimed };
    }

    /// <summary>A point in time (RFC 3339 or seconds since 1970), or a span such as 10m before now.</summary>
    private DateTimeOffset ReadTime(string text) =>
        GoDuration.TryParse(text, out var span) ? _time.GetUtcNow() - span
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time) ? time
        : throw ContainerErrors.Invalid($"failed to parse value as time or duration: \"{text}\"");
}
