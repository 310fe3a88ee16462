using Berth.Api.Containers;

namespace Berth.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>All containers with their sizes.</summary>
    public IReadOnlyList<ContainerSummary> DiskUsage() => List(new ContainerListOptions(All: true, Limit: 0, Size: true, Filters.Parse(null)));

    /// <summary>How many containers use each volume.</summary>
    public IReadOnlyDictionary<string, int> VolumeUses() =>
        _index.All.SelectMany(c => c.Record.Mounts.Select(m => m.Name).OfType<string>().Distinct()).CountBy(name => name).ToDictionary();
}
