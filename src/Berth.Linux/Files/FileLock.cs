using Berth.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Berth.Linux.Files;

/// <summary>A lock on a file or directory that all who know of it heed (flock(2)). It ends with this object, or with its process.</summary>
public sealed class FileLock : IDisposable
{
    private readonly FileDescriptor _file;

    private FileLock(FileDescriptor file) => _file = file;

    /// <summary>Never waits.</summary>
    /// <param name="path">A file or directory that is there.</param>
    /// <param name="shared">Others may share it; otherwise it is one's alone.</param>
    /// <returns>Null where somebody else has it, or nothing is there.</returns>
    public static FileLock? TryTake(string path, bool shared = false)
    {
        var file = new FileDescriptor(Libc.open(path, Libc.O_RDONLY | Libc.O_NOCTTY | Libc.O_CLOEXEC));
        if (!file.IsInvalid && TryLock(file.Number, shared ? Libc.LOCK_SH : Libc.LOCK_EX))
        {
            return new FileLock(file);
        }

        var error = file.IsInvalid ? LinuxException.FromLastError("open", path) : null;
        file.Dispose();
        return error is null or { Errno: Errno.ENOENT } ? null : throw error;
    }

    /// <summary>
    /// Makes the lock that .NET takes on each file it opens one's alone (for share None it is, for all else shared), or shared again.
    /// </summary>
    /// <returns>False where others share it; then there is no lock at all.</returns>
    public static bool TryChange(SafeFileHandle file, bool shared)
    {
        ArgumentNullException.ThrowIfNull(file);
        return TryLock((int)file.DangerousGetHandle(), shared ? Libc.LOCK_SH : Libc.LOCK_EX);
    }

    public void Dispose() => _file.Dispose();

    private static bool TryLock(int descriptor, int operation)
    {
        if (Libc.flock(descriptor, operation | Libc.LOCK_NB) == 0)
        {
            return true;
        }

        var error = LinuxException.FromLastError("flock");
        return error.Errno is Errno.EAGAIN or Errno.EINTR ? false : throw error;
    }
}
