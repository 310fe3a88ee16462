using Berth.Engine.Events;
using Berth.Engine.Images;
using Berth.Engine.Info;
using Berth.Engine.Monitors;
using Berth.Engine.Networks;
using Berth.Engine.Volumes;
using Berth.Linux.Cgroups;

namespace Berth.Engine.Containers;

/// <summary>Containers: one file for each verb. Disposing it lets go of them; they run on.</summary>
public sealed partial class ContainerService(
    EngineOptions options,
    EventService events,
    ImageService images,
    NetworkService networks,
    VolumeService volumes,
    MonitorProcesses monitors,
    DeferredWrites writes,
    TimeProvider time,
    Log log) : IDisposable
{
    private readonly EngineOptions _options = options;
    private readonly EventService _events = events;
    private readonly ImageService _images = images;
    private readonly NetworkService _networks = networks;
    private readonly VolumeService _volumes = volumes;
    private readonly MonitorProcesses _monitors = monitors;
    private readonly DeferredWrites _writes = writes;
    private readonly TimeProvider _time = time;
    private readonly Log _log = log;
    private readonly ContainerIndex _index = new();

    /// <summary>Cancelled when the daemon ends: waits before restarts give up, containers run on. Not disposed: whoever is still at work may ask for its token.</summary>
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Finds a container by name, id or the beginning of an id.</summary>
    public Container Get(string nameOrId) => _index.Get(nameOrId);

    /// <summary>How many containers there are of each kind, for the engine's own description.</summary>
    public EngineCounts Count()
    {
        var states = _index.All.Select(c => c.State).ToList();
        return new EngineCounts(
            Running: states.Count(s => s.Status is ContainerStatus.Running or ContainerStatus.Restarting),
            Paused: states.Count(s => s.Status == ContainerStatus.Paused),
            Stopped: states.Count(s => !s.IsRunning),
            Images: 0);
    }

    public void Dispose()
    {
        _stopping.Cancel();
        foreach (var container in _index.All)
        {
            container.Run?.Dispose();
        }

        Cgroup.RemoveIfEmpty(CgroupLayout.Machine, _options.CgroupParent);
    }

    private void Publish(string action, Container container, params ReadOnlySpan<(string Key, string Value)> facts)
    {
        var attributes = new Dictionary<string, string>(container.Config.Labels ?? new Dictionary<string, string>())
        {
            ["image"] = container.Config.Image,
            ["name"] = container.Name,
        };
        foreach (var (key, value) in facts)
        {
            attributes[key] = value;
        }

        _events.Publish("container", action, container.Id, attributes);
    }

    private Undo NewUndo(string operation, string id) =>
        new((what, error) => _log.Warning($"{operation}: undoing failed", ("container", id), ("step", what), ("error", error.Message)));
}
