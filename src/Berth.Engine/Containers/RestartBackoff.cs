namespace Berth.Engine.Containers;

/// <summary>How long to wait before a restart by policy: twice as long each time, from the start again after a run that held.</summary>
internal sealed class RestartBackoff
{
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(10);

    private TimeSpan _last = TimeSpan.Zero;

    public TimeSpan Next(TimeSpan run)
    {
        _last = run >= Held || _last == TimeSpan.Zero ? Least : _last * 2 < Most ? _last * 2 : Most;
        return _last;
    }

    public void Reset() => _last = TimeSpan.Zero;
}
