using System.Buffers.Binary;
using Berth.Linux.Native;

namespace Berth.Linux.Events;

/// <summary>Descriptors that are waited for together, level-triggered (epoll(7)). Each is known by a number of the caller's choice.</summary>
public sealed unsafe class EventQueue : IDisposable
{
    private const int BatchSize = 32;

    private readonly FileDescriptor _queue;
    private readonly byte[] _events = new byte[BatchSize * Libc.SizeOfEpollEvent];
    private int _count;
    private int _next;

    public EventQueue()
    {
        _queue = new FileDescriptor(Libc.epoll_create1(Libc.EPOLL_CLOEXEC));
        if (_queue.IsInvalid)
        {
            throw LinuxException.FromLastError("epoll_create1");
        }
    }

    public void Add(FileDescriptor descriptor, ulong key, ReadyEvents interest) => Control(Libc.EPOLL_CTL_ADD, descriptor, key, interest);

    public void Change(FileDescriptor descriptor, ulong key, ReadyEvents interest) => Control(Libc.EPOLL_CTL_MOD, descriptor, key, interest);

    /// <summary>To be called before the descriptor is closed: a copy of it elsewhere would keep it in the queue.</summary>
    public void Remove(FileDescriptor descriptor) => Control(Libc.EPOLL_CTL_DEL, descriptor, 0, ReadyEvents.None);

    /// <summary>Waits for the next events, to be taken with <see cref="TryTake"/>.</summary>
    /// <param name="timeoutMilliseconds">How long; -1: without limit.</param>
    /// <returns>False where the time is over.</returns>
    public bool Wait(int timeoutMilliseconds)
    {
        _next = 0;
        fixed (byte* events = _events)
        {
            _count = Libc.epoll_wait(_queue.Number, events, BatchSize, timeoutMilliseconds);
        }

        if (_count < 0)
        {
            _count = 0;
            var error = LinuxException.FromLastError("epoll_wait");
            return error.Errno is Errno.EINTR ? true : throw error;
        }

        return _count > 0;
    }

    public bool TryTake(out ulong key, out ReadyEvents ready)
    {
        if (_next == _count)
        {
            (key, ready) = (0, ReadyEvents.None);
            return false;
        }

        var entry = _events.AsSpan(_next++ * Libc.SizeOfEpollEvent);
        ready = (ReadyEvents)BinaryPrimitives.ReadUInt32LittleEndian(entry);
        key = BinaryPrimitives.ReadUInt64LittleEndian(entry[Libc.OffsetOfEpollData..]);
        return true;
    }

    public void Dispose() => _queue.Dispose();

    private void Control(int operation, FileDescriptor descriptor, ulong key, ReadyEvents interest)
    {
        Span<byte> entry = stackalloc byte[Libc.SizeOfEpollEvent];
        BinaryPrimitives.WriteUInt32LittleEndian(entry, (uint)interest);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[Libc.OffsetOfEpollData..], key);
        fixed (byte* pointer = entry)
        {
            if (Libc.epoll_ctl(_queue.Number, operation, descriptor.Number, pointer) != 0)
            {
                throw LinuxException.FromLastError("epoll_ctl", $"{operation}");
            }
        }
    }
}
