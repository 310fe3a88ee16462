using Berth.Api.Volumes;
using Berth.Engine.Volumes;

namespace Berth.Engine.Containers;

public sealed partial class ContainerService
{
    private const string AnonymousLabel = "com.docker.volume.anonymous";

    public IReadOnlyList<Volume> ListVolumes(Filters filters)
    {
        filters.Validate("dangling", "driver", "label", "name");
        var uses = VolumeUses();
        var dangling = filters.GetBoolean("dangling");
        return
        [
            .. from name in _volumes.Names()
               let volume = Describe(name)
               where (dangling is null || uses.ContainsKey(name) != dangling)
                   && filters.Matches("driver", volume.Driver)
                   && filters.Matches("name", part => name.Contains(part, StringComparison.Ordinal))
                   && filters.MatchesLabels("label", volume.Labels)
               select volume,
        ];
    }

    public Volume InspectVolume(string name) => _volumes.Names().Contains(name)
        ? Describe(name)
        : throw new EngineException(ErrorKind.NotFound, $"get {name}: no such volume");

    private Volume Describe(string name) => new()
    {
        Name = name,
        CreatedAt = WireTime.Of(_volumes.CreatedAt(name)),
        Mountpoint = _volumes.DataOf(name),
        Labels = VolumeService.IsAnonymous(name) ? new Dictionary<string, string> { [AnonymousLabel] = "" } : null,
    };
}
