using Berth.Linux.Native;

namespace Berth.Linux.Files;

/// <summary>A time as file systems keep it: seconds since 1970, which may be negative, and nanoseconds after them.</summary>
public readonly record struct FileTime(long Seconds, uint Nanoseconds)
{
    internal Libc.timespec ToNative() => new() { tv_sec = Seconds, tv_nsec = Nanoseconds };
}
