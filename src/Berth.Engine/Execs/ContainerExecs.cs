namespace Berth.Engine.Execs;

/// <summary>The execs of one container.</summary>
public sealed class ContainerExecs
{
    private readonly Lock _gate = new();
    private readonly HashSet<Exec> _execs = [];
    private bool _known;

    /// <summary>Ids of those that run or were not started yet; null where there is none.</summary>
    public IReadOnlyList<string>? OpenIds
    {
        get
        {
            lock (_gate)
            {
                var open = _execs.Where(e => e.ExitCode is null).Select(e => e.Id).ToList();
                return open.Count > 0 ? open : null;
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

    /// <summary>Of a run that is over: those that were never started cannot be any more.</summary>
    /// <returns>Them.</returns>
    public IReadOnlyList<Exec> TakeUnstarted()
    {
        lock (_gate)
        {
            var unstarted = _execs.Where(e => e.TryForgo()).ToList();
            _execs.ExceptWith(unstarted);
            return unstarted;
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
