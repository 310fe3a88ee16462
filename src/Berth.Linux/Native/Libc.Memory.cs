using System.Runtime.InteropServices;

namespace Berth.Linux.Native;

/// <summary>mmap(2) and madvise(2), for memory outside the managed heap.</summary>
internal static unsafe partial class Libc
{
    internal const int PROT_READ = 1;
    internal const int PROT_WRITE = 2;
    internal const int MAP_SHARED = 1;
    internal const int MAP_PRIVATE = 2;
    internal const int MAP_ANONYMOUS = 0x20;
    internal const int MADV_DONTNEED = 4;
    internal const int MADV_DONTFORK = 10;

    [LibraryImport(Library, SetLastError = true)]
    internal static partial void* mmap(void* address, nuint length, int protection, int flags, int fd, long offset);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int munmap(void* address, nuint length);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int madvise(void* address, nuint length, int advice);
}
