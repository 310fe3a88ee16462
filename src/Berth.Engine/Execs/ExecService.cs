using System.Collections.Concurrent;
using Berth.Engine.Containers;
using Berth.Engine.Events;

namespace Berth.Engine.Execs;

/// <summary>Further processes in running containers. They live in memory: after a restart of the daemon they run on unseen.</summary>
public sealed partial class ExecService(ContainerService containers, EventService events, TimeProvider time, Log log)
{
    private readonly ConcurrentDictionary<string, Exec> _execs = new(StringComparer.Ordinal);
    private readonly ContainerService _containers = containers;
    private readonly EventService _events = events;
    private readonly TimeProvider _time = time;
    private readonly Log _log = log;

    private Exec Get(string id) => _execs.TryGetValue(id, out var exec) ? exec : throw ContainerErrors.NoSuchExec(id);

    private static void RefuseUnlessRunning(Container container)
    {
        switch (container.State.Status)
        {
            case ContainerStatus.Running:
                break;
            case ContainerStatus.Paused:
                throw ContainerErrors.PausedBefore(container.Id, "exec");
            case ContainerStatus.Restarting:
                throw ContainerErrors.Restarting(container.Id);
            default:
                throw ContainerErrors.NotRunning(container.Id);
        }
    }

    private void Publish(string action, Exec exec, params ReadOnlySpan<(string Key, string Value)> facts)
    {
        var container = exec.Container;
        var attributes = new Dictionary<string, string>(container.Config.Labels ?? new Dictionary<string, string>())
        {
            ["image"] = container.Config.Image,
            ["name"] = container.Name,
            ["execID"] = exec.Id,
        };
        foreach (var (key, value) in facts)
        {
            attributes[key] = value;
        }

        _events.Publish("container", action, container.Id, attributes);
    }
}
