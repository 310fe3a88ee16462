using Berth.Engine.Containers;

namespace Berth.Engine.Execs;

public sealed partial class ExecService
{
    /// <summary>How long an ended exec, or one that was never started, may be inspected, unless there are more than <see cref="MostIdle"/>.</summary>
    private static readonly TimeSpan _keptIdle = TimeSpan.FromMinutes(5);

    private const int MostIdle = 4096;

    private readonly Queue<(Exec Exec, DateTimeOffset Since)> _idle = new();

    /// <summary>Called when an exec was made and when it has ended: remembers it for a while, and forgets those that were remembered long enough.</summary>
    private void ForgetLater(Exec exec)
    {
        lock (_idle)
        {
            _idle.Enqueue((exec, exec.LastUse));
            var limit = _time.GetUtcNow() - _keptIdle;
            while (_idle.TryPeek(out var oldest) && (_idle.Count > MostIdle || oldest.Since < limit))
            {
                _idle.Dequeue();

                // Of one that was used since, a later entry tells.
                if (!oldest.Exec.Running && oldest.Exec.LastUse == oldest.Since)
                {
                    _execs.TryRemove(oldest.Exec.Id, out _);
                    oldest.Exec.Container.Execs.Remove(oldest.Exec);
                }
            }
        }
    }

    /// <summary>Called with a container's first exec. What was not started when its container ended is forgotten then, the others with the container.</summary>
    private async Task ForgetWithContainerAsync(Container container)
    {
        var removed = container.Lifecycle.Removed;
        while (!removed.IsCompleted)
        {
            await Task.WhenAny(removed, container.Lifecycle.NextExit);
            foreach (var exec in container.Execs.TakeUnstarted())
            {
                _execs.TryRemove(exec.Id, out _);
            }
        }

        foreach (var exec in container.Execs.Clear())
        {
            _execs.TryRemove(exec.Id, out _);
        }
    }
}
