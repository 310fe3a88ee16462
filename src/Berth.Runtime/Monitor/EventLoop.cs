using Berth.Linux;
using Berth.Linux.Events;

namespace Berth.Runtime.Monitor;

/// <summary>The monitor's one loop: waits for descriptors, and calls who watches them, one after the other.</summary>
internal sealed class EventLoop : IDisposable
{
    /// <summary>How long after the last event the loop counts as idle.</summary>
    private const int IdleAfterMilliseconds = 300;

    private readonly EventQueue _queue = new();
    private readonly Dictionary<ulong, Action<ReadyEvents>> _watches = [];
    private ulong _lastKey;
    private bool _ended;

    /// <summary>Called once when nothing more has happened for a while; the loop then waits without limit.</summary>
    internal Action? OnIdle { get; set; }

    /// <summary>Watches a descriptor, at first for nothing.</summary>
    internal Watch Watch(FileDescriptor descriptor, Action<ReadyEvents> onReady)
    {
        var key = ++_lastKey;
        _watches.Add(key, onReady);
        return new Watch(_queue, descriptor, key, () => _watches.Remove(key));
    }

    internal void End() => _ended = true;

    internal void Run()
    {
        var isIdle = false;
        while (!_ended)
        {
            if (!_queue.Wait(isIdle ? -1 : IdleAfterMilliseconds))
            {
                isIdle = true;
                OnIdle?.Invoke();
                continue;
            }

            isIdle = false;
            while (!_ended && _queue.TryTake(out var key, out var ready))
            {
                // Who was removed by an earlier one of this batch is not called any more.
                if (_watches.TryGetValue(key, out var onReady))
                {
                    onReady(ready);
                }
            }
        }
    }

    public void Dispose() => _queue.Dispose();
}
