namespace Berth.Engine.Containers;

/// <summary>How long to wait before a restart by policy: twice as long each time, from the start again after a run that held.</summary>
internal sealed class RestartBackoff
{
    private static readonly TimeSpan _least = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _most = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _held = TimeSpan.FromSeconds(10);

    private TimeSpan _last = TimeSpan.Zero;

    public TimeSpan Next(TimeSpan run)
    {
        _last = run >= _held || _last == TimeSpan.Zero ? _least : _last * 2 < _most ? _last * 2 : _most;
        return _last;
    }

    public void Reset() => _last = TimeSpan.Zero;
}
