using Berth.Linux;

namespace Berth.Engine;

/// <summary>
/// Writes that cannot be made now, mostly because the disk is full, and are made later: what happened has happened, whether it can be
/// written down or not. Each is reported once.
/// </summary>
public sealed class DeferredWrites : IDisposable
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(2);

    private readonly Log _log;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Action> _waiting = new(StringComparer.Ordinal);

    public DeferredWrites(TimeProvider time, Log log)
    {
        _log = log;
        _timer = time.CreateTimer(_ => OwnThread.Run(Retry), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Writes, now or as soon as it is possible.</summary>
    /// <param name="what">What is written: a later write of the same takes the place of one that waits.</param>
    /// <param name="write">Writes what it finds when it is called.</param>
    public void Do(string what, Action write)
    {
        try
        {
            write();
            lock (_gate)
            {
                _waiting.Remove(what);
            }
        }
        catch (Exception e) when (IsOfDisk(e))
        {
            Later(what, write, e);
        }
    }

    /// <summary>Tries a write again that has just failed, where this is not the place to do so.</summary>
    /// <param name="what">What is written.</param>
    /// <param name="write">Writes what it finds when it is called.</param>
    /// <param name="failure">Why it failed.</param>
    public void Later(string what, Action write, Exception failure)
    {
        bool isNew;
        lock (_gate)
        {
            isNew = !_waiting.ContainsKey(what);
            _waiting[what] = write;
            _timer.Change(_pause, Timeout.InfiniteTimeSpan);
        }

        if (isNew)
        {
            _log.Error($"{what} cannot be written: it is tried again until it is", ("error", failure.Message));
        }
    }

    /// <summary>Makes every write that waits, as far as it is possible.</summary>
    public void Retry()
    {
        KeyValuePair<string, Action>[] waiting;
        lock (_gate)
        {
            waiting = [.. _waiting];
        }

        foreach (var (what, write) in waiting)
        {
            try
            {
                write();
            }
            catch (Exception e) when (IsOfDisk(e))
            {
                continue;
            }

            lock (_gate)
            {
                if (_waiting.TryGetValue(what, out var latest) && latest == write)
                {
                    _waiting.Remove(what);
                    _log.Info($"{what} is written now");
                }
            }
        }

        lock (_gate)
        {
            if (_waiting.Count > 0)
            {
                _timer.Change(_pause, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private static bool IsOfDisk(Exception e) => e is LinuxException or IOException or UnauthorizedAccessException;
}
