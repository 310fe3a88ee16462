using System.Runtime.InteropServices;

namespace Berth.Linux.Native;

/// <summary>Functions of the C library and raw system calls, each declared once, under the kernel's name.</summary>
/// <remarks>A partial class: one file for each man-page family (Libc.Mount.cs, Libc.Process.cs, Libc.Socket.cs).</remarks>
internal static partial class Libc
{
    private const string Library = "libc";

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int close(int fd);
}
