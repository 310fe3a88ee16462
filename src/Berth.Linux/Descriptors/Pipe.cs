using Berth.Linux.Native;

namespace Berth.Linux.Descriptors;

/// <summary>A pipe, close-on-exec at both ends.</summary>
public static unsafe class Pipe
{
    /// <summary>Makes a pipe whose ends both wait.</summary>
    public static (FileDescriptor Read, FileDescriptor Write) Open()
    {
        var pair = stackalloc int[2];
        return Libc.pipe2(pair, Libc.O_CLOEXEC) == 0
            ? (new FileDescriptor(pair[0]), new FileDescriptor(pair[1]))
            : throw LinuxException.FromLastError("pipe2");
    }

    /// <summary>Asks for room for this many bytes between the ends; the kernel may refuse (/proc/sys/fs/pipe-user-pages-soft), and the pipe stays as it is.</summary>
    public static void TryResize(FileDescriptor end, int bytes) => _ = Libc.fcntl(end.Number, Libc.F_SETPIPE_SZ, bytes);
}
