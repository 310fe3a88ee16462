using Berth.Linux.Native;

namespace Berth.Linux.Memory;

/// <summary>Zeroed memory outside the managed heap: a page of it costs nothing before it is touched, and can be given back.</summary>
public sealed unsafe class MappedMemory : IDisposable
{
    private readonly void* _start;
    private readonly int _length;

    public MappedMemory(int length)
    {
        _length = length;
        _start = Libc.mmap(null, (nuint)length, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS, -1, 0);
        if (_start == (void*)-1)
        {
            throw LinuxException.FromLastError("mmap", $"{length} bytes");
        }
    }

    public Span<byte> Bytes => new(_start, _length);

    /// <summary>Gives the pages back to the kernel; what they held is lost.</summary>
    public void Release() => _ = Libc.madvise(_start, (nuint)_length, Libc.MADV_DONTNEED);

    public void Dispose() => _ = Libc.munmap(_start, (nuint)_length);
}
