using Berth.Linux;
using Berth.Linux.Descriptors;
using Berth.Linux.Events;

namespace Berth.Runtime.Commands;

/// <summary>Copies between the caller's terminal and that of a process, until the process's is closed.</summary>
internal sealed class TerminalCopy(FileDescriptor caller, FileDescriptor master)
{
    private const ulong Caller = 0;
    private const ulong Master = 1;
    private readonly byte[] _typed = new byte[4096];
    private readonly byte[] _printed = new byte[32 * 1024];
    private int _pendingFrom;
    private int _pendingTo;

    internal void Run()
    {
        DescriptorStream.SetNonBlocking(master);
        using var events = new EventQueue();
        events.Add(caller, Caller, ReadyEvents.Readable);
        events.Add(master, Master, ReadyEvents.Readable);
        while (true)
        {
            _ = events.Wait(-1);
            while (events.TryTake(out var key, out var ready))
            {
                if (key == Master && ready != ReadyEvents.Writable && !CopyOutput())
                {
                    return;
                }

                // What was typed and not taken yet keeps more from being read: nothing is dropped, and output goes on.
                TypeOn(canRead: key == Caller);
                var isBehind = _pendingFrom < _pendingTo;
                events.Change(master, Master, isBehind ? ReadyEvents.Readable | ReadyEvents.Writable : ReadyEvents.Readable);
                events.Change(caller, Caller, isBehind ? ReadyEvents.None : ReadyEvents.Readable);
            }
        }
    }

    private bool CopyOutput()
    {
        while (true)
        {
            switch (DescriptorStream.Read(master, _printed, out var count))
            {
                case Transfer.Done:
                    for (var written = 0; written < count;)
                    {
                        if (DescriptorStream.Write(caller, _printed.AsSpan(written, count - written), out var step) is Transfer.Closed)
                        {
                            return false;
                        }

                        written += step;
                    }

                    break;
                case Transfer.WouldBlock:
                    return true;
                default:
                    return false;
            }
        }
    }

    private void TypeOn(bool canRead)
    {
        if (_pendingFrom == _pendingTo && canRead)
        {
            _pendingFrom = 0;
            _pendingTo = DescriptorStream.Read(caller, _typed, out var count) is Transfer.Done ? count : 0;
        }

        if (_pendingFrom < _pendingTo && DescriptorStream.Write(master, _typed.AsSpan(_pendingFrom, _pendingTo - _pendingFrom), out var typed) is Transfer.Done)
        {
            _pendingFrom += typed;
        }
    }
}
