using Berth.Linux;
using Berth.Linux.Descriptors;
using Berth.Linux.Events;

namespace Berth.Runtime.Commands;

/// <summary>Copies between the caller's streams and the terminal of a process, until the process's is closed.</summary>
internal sealed class TerminalCopy(FileDescriptor input, FileDescriptor output, FileDescriptor master)
{
    private const ulong Input = 0;
    private const ulong Master = 1;
    private readonly byte[] _typed = new byte[4096];
    private readonly byte[] _printed = new byte[32 * 1024];
    private int _pendingFrom;
    private int _pendingTo;
    private bool _isAlwaysReady;
    private bool _hasEnded;

    private bool IsBehind => _pendingFrom < _pendingTo;

    internal void Run()
    {
        DescriptorStream.SetNonBlocking(master);
        using var events = new EventQueue();
        events.Add(master, Master, ReadyEvents.Readable);
        AddInput(events);
        while (true)
        {
            _ = events.Wait(_isAlwaysReady && !_hasEnded && !IsBehind ? 0 : -1);
            var canRead = _isAlwaysReady;
            while (events.TryTake(out var key, out var ready))
            {
                if (key == Master && ready != ReadyEvents.Writable && !CopyOutput())
                {
                    return;
                }

                canRead |= key == Input;
            }

            // What was typed and not taken yet keeps more from being read: nothing is dropped, and output goes on.
            var couldRead = !_hasEnded;
            TypeOn(canRead);
            events.Change(master, Master, IsBehind ? ReadyEvents.Readable | ReadyEvents.Writable : ReadyEvents.Readable);
            if (couldRead && !_isAlwaysReady)
            {
                if (_hasEnded)
                {
                    events.Remove(input);
                }
                else
                {
                    events.Change(input, Input, IsBehind ? ReadyEvents.None : ReadyEvents.Readable);
                }
            }
        }
    }

    private void AddInput(EventQueue events)
    {
        try
        {
            events.Add(input, Input, ReadyEvents.Readable);
        }
        catch (LinuxException e) when (e.Errno is Errno.EPERM)
        {
            // A file, which is never waited for.
            _isAlwaysReady = true;
        }
        catch (LinuxException e) when (e.Errno is Errno.EBADF)
        {
            _isAlwaysReady = _hasEnded = true;
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
                        if (DescriptorStream.Write(output, _printed.AsSpan(written, count - written), out var step) is Transfer.Closed)
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
        if (!IsBehind && canRead && !_hasEnded)
        {
            var result = DescriptorStream.Read(input, _typed, out var count);
            (_pendingFrom, _pendingTo) = (0, count);
            _hasEnded = result is Transfer.Closed;
        }

        if (IsBehind && DescriptorStream.Write(master, _typed.AsSpan(_pendingFrom, _pendingTo - _pendingFrom), out var typed) is Transfer.Done)
        {
            _pendingFrom += typed;
        }
    }
}
