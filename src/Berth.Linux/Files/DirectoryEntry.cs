using System.Buffers;
using System.Text;
using Berth.Linux.Native;

namespace Berth.Linux.Files;

/// <summary>Makes and removes one entry of an open directory. The name is a single component; links in it are not followed.</summary>
public static class DirectoryEntry
{
    /// <returns>An O_PATH descriptor of the entry, of a link itself; null where there is none.</returns>
    public static FileDescriptor? TryOpen(FileDescriptor directory, string name)
    {
        var entry = new FileDescriptor(Libc.openat(directory.Number, name, Libc.O_PATH | Arch.O_NOFOLLOW | Libc.O_CLOEXEC, 0));
        if (!entry.IsInvalid)
        {
            return entry;
        }

        var error = LinuxException.FromLastError("open", name);
        return error.Errno is Errno.ENOENT ? null : throw error;
    }

    /// <summary>The text of a link that is open with O_PATH.</summary>
    public static unsafe string ReadLink(FileDescriptor link)
    {
        const int MaxLinkLength = 4096;
        var buffer = ArrayPool<byte>.Shared.Rent(MaxLinkLength);
        try
        {
            fixed (byte* bytes = buffer)
            {
                var length = Libc.readlinkat(link.Number, "", bytes, MaxLinkLength);
                return length < 0 ? throw LinuxException.FromLastError("readlink") : Encoding.UTF8.GetString(bytes, (int)length);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <returns>False where the name is taken.</returns>
    public static bool TryMakeLink(FileDescriptor directory, string name, string target) =>
        Made(Libc.symlinkat(target, directory.Number, name), "symlink", name);

    /// <returns>False where the name is taken.</returns>
    public static bool TryMakeDirectory(FileDescriptor directory, string name, uint mode) =>
        Made(Libc.mkdirat(directory.Number, name, mode), "mkdir", name);

    /// <summary>Makes a device or pipe.</summary>
    /// <param name="mode">File type and permissions, as in st_mode.</param>
    /// <returns>Null where the name is taken.</returns>
    public static HeldEntry? TryMakeNode(FileDescriptor directory, string name, uint mode, uint major, uint minor) =>
        new TreeDirectory(directory).TryMakeNode(Encoding.UTF8.GetBytes(name), mode, major, minor);

    /// <returns>False where there is no such entry.</returns>
    public static bool TryRemove(FileDescriptor directory, string name)
    {
        if (Libc.unlinkat(directory.Number, name, 0) == 0)
        {
            return true;
        }

        var error = LinuxException.FromLastError("unlink", name);
        return error.Errno is Errno.ENOENT ? false : throw error;
    }

    private static bool Made(int result, string call, string name)
    {
        if (result == 0)
        {
            return true;
        }

        var error = LinuxException.FromLastError(call, name);
        return error.Errno is Errno.EEXIST ? false : throw error;
    }
}
