using Berth.Linux.Native;

namespace Berth.Linux.Events;

/// <summary>What a descriptor is waited for, and what it is ready for.</summary>
[Flags]
public enum ReadyEvents : uint
{
    None = 0,
    Readable = Libc.EPOLLIN,
    Writable = Libc.EPOLLOUT,

    /// <summary>Something has changed (of files of the kernel's that say so).</summary>
    Urgent = Libc.EPOLLPRI,

    /// <summary>An error is pending; reported unasked.</summary>
    Error = Libc.EPOLLERR,

    /// <summary>The other end is closed; reported unasked.</summary>
    HungUp = Libc.EPOLLHUP,
}
