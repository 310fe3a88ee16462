using Berth.Linux.Native;

namespace Berth.Linux.Files;

/// <summary>A small file that is replaced as a whole: a reader sees what was before or what is now, and nothing in between.</summary>
public static unsafe class RecordFile
{
    /// <summary>What the file is called that becomes the record: one that is found was never seen as one, and may go away.</summary>
    public const string TemporaryExtension = ".tmp";

    /// <param name="path">The file's path.</param>
    /// <param name="content">All that it is to hold.</param>
    /// <param name="mode">Its permissions.</param>
    /// <param name="durable">It must survive a power failure: file and directory are synced.</param>
    public static void Replace(string path, ReadOnlySpan<byte> content, uint mode, bool durable)
    {
        var temporary = path + TemporaryExtension;
        Write(temporary, content, mode, durable);
        if (Libc.rename(temporary, path) != 0)
        {
            throw LinuxException.FromLastError("rename", path);
        }

        if (durable)
        {
            SyncDirectory(Path.GetDirectoryName(path)!);
        }
    }

    /// <summary>Writes a file that nobody sees yet, as the directory that it lies in gets its name later.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="content">All that it is to hold.</param>
    /// <param name="mode">Its permissions.</param>
    /// <param name="synced">Its content is on the disk when this returns; its name is once the directory is synced.</param>
    public static void Write(string path, ReadOnlySpan<byte> content, uint mode, bool synced)
    {
        using var file = Open(path, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_TRUNC | Libc.O_CLOEXEC, mode);
        fixed (byte* bytes = content)
        {
            for (var written = 0; written < content.Length;)
            {
                var result = Libc.write(file.Number, bytes + written, (nuint)(content.Length - written));
                if (result < 0 && LinuxException.FromLastError("write", path) is { Errno: not Errno.EINTR } error)
                {
                    throw error;
                }

                written += (int)Math.Max(result, 0);
            }
        }

        if (synced)
        {
            Sync(file, path);
        }
    }

    /// <summary>Gives the file as it is now a second name, which keeps it when it is replaced.</summary>
    public static void Keep(string path, string second)
    {
        if (Libc.unlinkat(Libc.AT_FDCWD, second, 0) != 0 && LinuxException.FromLastError("unlink", second) is { Errno: not Errno.ENOENT } error)
        {
            throw error;
        }

        if (Libc.linkat(Libc.AT_FDCWD, path, Libc.AT_FDCWD, second, 0) != 0)
        {
            throw LinuxException.FromLastError("link", second);
        }
    }

    /// <summary>Brings a file's content to the disk.</summary>
    public static void SyncFile(string path) => SyncOpened(path, Libc.O_RDONLY | Libc.O_CLOEXEC);

    /// <summary>Brings the names in a directory to the disk.</summary>
    public static void SyncDirectory(string path) => SyncOpened(path, Libc.O_RDONLY | Arch.O_DIRECTORY | Libc.O_CLOEXEC);

    private static void SyncOpened(string path, int flags)
    {
        using var opened = Open(path, flags, 0);
        Sync(opened, path);
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
