using Berth.Linux.Native;

namespace Berth.Linux.Sockets;

/// <summary>A directory that a socket's name is looked up in.</summary>
internal static class DirectoryPath
{
    /// <returns>Null where there is no such directory.</returns>
    internal static FileDescriptor? TryOpen(string path)
    {
        var opened = new FileDescriptor(Libc.open(path, Libc.O_PATH | Arch.O_DIRECTORY | Libc.O_CLOEXEC));
        if (!opened.IsInvalid)
        {
            return opened;
        }

        var error = LinuxException.FromLastError("open", path);
        return error.Errno is Errno.ENOENT ? null : throw error;
    }
}
