using System.Runtime.InteropServices;

namespace Berth.Linux.Native;

/// <summary>eventfd(2), pread(2).</summary>
internal static unsafe partial class Libc
{
    internal const int EFD_CLOEXEC = 0x80000;
    internal const int EFD_NONBLOCK = 0x800;

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int eventfd(uint initval, int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial nint pread(int fd, void* buf, nuint count, long offset);
}
