using Berth.Linux.Native;

namespace Berth.Linux.Files;

/// <summary>A small file that is replaced as a whole: a reader sees what was before or what is now, and nothing in between.</summary>
public static unsafe class RecordFile
{
    /// <param name="path">The file's path.</param>
    /// <param name="content">All that it is to hold.</param>
    /// <param name="mode">Its permissions.</param>
    /// <param name="durable">It must survive a power failure: file and directory are synced.</param>
    public static void Replace(string path, ReadOnlySpan<byte> content, uint mode, bool durable)
    {
        var temporary = path + ".tmp";
        using (var file = Open(temporary, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_TRUNC | Libc.O_CLOEXEC, mode))
        {
            fixed (byte* bytes = content)
            {
                for (var written = 0; written < content.Length;)
                {
                    var result = Libc.write(file.Number, bytes + written, (nuint)(content.Length - written));
                    if (result < 0 && LinuxException.FromLastError("write", temporary) is { Errno: not Errno.EINTR } error)
                    {
                        throw error;
                    }

                    written += (int)Math.Max(result, 0);
                }
            }

            if (durable)
            {
                Sync(file, temporary);
            }
        }

        if (Libc.rename(temporary, path) != 0)
        {
            throw LinuxException.FromLastError("rename", path);
        }

        if (durable)
        {
            var directory = Path.GetDirectoryName(path)!;
            using var opened = Open(directory, Libc.O_RDONLY | Arch.O_DIRECTORY | Libc.O_CLOEXEC, 0);
            Sync(opened, directory);
        }
    }

    private static FileDescriptor Open(string path, int flags, uint mode)
    {
        var file = new FileDescriptor(Libc.openat(Libc.AT_FDCWD, path, flags, mode));
        return file.IsInvalid ? throw LinuxException.FromLastError("open", path) : file;
    }

    private static void Sync(FileDescriptor file, string path)
    {
        if (Libc.fsync(file.Number) != 0)
        {
            throw LinuxException.FromLastError("fsync", path);
        }
    }
}
