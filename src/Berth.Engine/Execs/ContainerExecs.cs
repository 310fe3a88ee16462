namespace Berth.Engine.Execs;

/// <summary>The execs of one container.</summary>
public sealed class ContainerExecs
{
    private readonly Lock _gate = new();
    private readonly HashSet<Exec> _execs = [];
    private bool _known;

    /// <summary>Ids of those that run; null where none does.</summary>
    public IReadOnlyList<string>? RunningIds
    {
        get
        {
            lock (_gate)
            {
                var running = _execs.Where(e => e is { Running: true, Pid: > 0 }).Select(e => e.Id).ToList();
                return running.Count > 0 ? running : null;
            }
        }
    }

    /// <returns>True for the first ever.</returns>
    public bool Add(Exec exec)
    {
        lock (_gate)
        {
            _execs.Add(exec);
            var first = !_known;
            _known = true;
            return first;
        }
    }

    public void Remove(Exec exec)
    {
        lock (_gate)
        {
            _execs.Remove(exec);
        }
    }

    /// <returns>Those that were there.</returns>
    public IReadOnlyList<Exec> Clear()
    {
        lock (_gate)
        {
            Exec[] all = [.. _execs];
            _execs.Clear();
            return all;
        }
    }
}
