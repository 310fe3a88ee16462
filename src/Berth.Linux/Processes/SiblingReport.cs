using Berth.Linux.Native;

namespace Berth.Linux.Processes;

/// <summary>What a process is told of a sibling that its child has cloned for it (<see cref="ForkWindow.CloneSibling"/>): in memory that they share.</summary>
/// <remarks>
/// Not over a socket, whose end the sibling would have, too: whoever can reach into the sibling could keep that open, and the one
/// that reads the other end would wait for ever. The sibling maps only the page in which it says why it fails.
/// </remarks>
public sealed unsafe class SiblingReport : IDisposable
{
    private static readonly nuint _page = (nuint)Environment.SystemPageSize;

    private readonly byte* _id;
    private readonly byte* _failure;

    public SiblingReport()
    {
        _id = (byte*)Libc.mmap(null, 2 * _page, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_SHARED | Libc.MAP_ANONYMOUS, -1, 0);
        if (_id == (byte*)-1)
        {
            throw LinuxException.FromLastError("mmap");
        }

        _failure = _id + _page;
    }

    /// <summary>The sibling's id as its parent sees it; 0 where it was not cloned. The kernel writes it before the sibling runs.</summary>
    public int Id => Volatile.Read(ref *(int*)_id);

    internal int* IdPlace => (int*)_id;

    /// <summary>Says that a step failed, and which. For the sibling, and for the child that cannot clone it.</summary>
    public void Fail(byte step, Errno errno)
    {
        _failure[0] = step;
        Volatile.Write(ref *(int*)(_failure + sizeof(int)), (int)errno);
    }

    /// <summary>Why the sibling did not execute its program. Only to be asked when the child that cloned it has ended.</summary>
    public bool HasFailed(out byte step, out Errno errno)
    {
        errno = (Errno)Volatile.Read(ref *(int*)(_failure + sizeof(int)));
        step = _failure[0];
        return errno is not Errno.None;
    }

    public void Dispose() => _ = Libc.munmap(_id, 2 * _page);

    /// <summary>The sibling does not get the page that its id is in.</summary>
    internal void HideId()
    {
        if (Libc.madvise(_id, _page, Libc.MADV_DONTFORK) != 0)
        {
            throw LinuxException.FromLastError("madvise", "MADV_DONTFORK");
        }
    }
}
