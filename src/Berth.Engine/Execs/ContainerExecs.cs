namespace Berth.Engine.Execs;

/// <summary>The execs of one container.</summary>
public sealed class ContainerExecs
{
    private readonly Lock _gate = new();
    private readonly List<Exec> _execs = [];

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

    public void Add(Exec exec)
    {
        lock (_gate)
        {
            _execs.Add(exec);
        }
    }

    /// <summary>Forgets those that nobody will ask for any more.</summary>
    /// <returns>What was forgotten.</returns>
    public IReadOnlyList<Exec> Forget(Predicate<Exec> which)
    {
        lock (_gate)
        {
            var forgotten = _execs.FindAll(which);
            _execs.RemoveAll(forgotten.Contains);
            return forgotten;
        }
    }
}
