using Berth.Linux;
using Berth.Linux.Events;

namespace Berth.Runtime.Monitor;

/// <summary>A descriptor in the loop's queue. To be disposed before the descriptor is.</summary>
internal sealed class Watch(EventQueue queue, FileDescriptor descriptor, ulong key, Action removed) : IDisposable
{
    private bool _disposed;

    /// <summary>
    /// What is waited for. With None the descriptor leaves the queue: a hang-up would be reported all the same, and again and
    /// again while nobody may read.
    /// </summary>
    internal ReadyEvents Interest
    {
        get;
        set
        {
            if (field == value || _disposed)
            {
                return;
            }

            if (value is ReadyEvents.None)
            {
                queue.Remove(descriptor);
            }
            else if (field is ReadyEvents.None)
            {
                queue.Add(descriptor, key, value);
            }
            else
            {
                queue.Change(descriptor, key, value);
            }

            field = value;
        }
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            Interest = ReadyEvents.None;
            _disposed = true;
            removed();
        }
    }
}
