using Berth.Linux.Native;

namespace Berth.Linux.Files;

/// <summary>A file that is only ever appended to, by this process alone.</summary>
public sealed unsafe class AppendFile : IDisposable
{
    private readonly FileDescriptor _file;

    private AppendFile(FileDescriptor file, long length) => (_file, Length) = (file, length);

    public long Length { get; private set; }

    /// <param name="path">Path of the file; it is made where there is none.</param>
    /// <param name="mode">Its permissions, if it is made.</param>
    public static AppendFile Open(string path, uint mode)
    {
        var file = new FileDescriptor(Libc.openat(Libc.AT_FDCWD, path, Libc.O_WRONLY | Libc.O_APPEND | Libc.O_CREAT | Libc.O_CLOEXEC, mode));
        var length = file.IsInvalid ? -1 : Libc.lseek(file.Number, 0, Libc.SEEK_END);
        if (length >= 0)
        {
            return new AppendFile(file, length);
        }

        var error = LinuxException.FromLastError("open", path);
        file.Dispose();
        throw error;
    }

    /// <summary>Writes all of it or, where the file system cannot take it (full, failed), nothing: what was written in part is cut off again.</summary>
    public bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        var written = 0;
        fixed (byte* start = bytes)
        {
            while (written < bytes.Length)
            {
                var result = Libc.write(_file.Number, start + written, (nuint)(bytes.Length - written));
                if (result > 0)
                {
                    written += (int)result;
                }
                else if (result == 0 || LinuxException.FromLastError("write").Errno is not Errno.EINTR)
                {
                    _ = Libc.ftruncate(_file.Number, Length);
                    return false;
                }
            }
        }

        Length += written;
        return true;
    }

    /// <summary>Cuts off what is behind this length.</summary>
    public void Cut(long length)
    {
        if (Libc.ftruncate(_file.Number, length) != 0)
        {
            throw LinuxException.FromLastError("ftruncate");
        }

        Length = length;
    }

    public void Dispose() => _file.Dispose();
}
