using System.Globalization;
using Berth.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Berth.Linux.Files;

/// <summary>Opens files by path, close-on-exec, and changes open ones.</summary>
public static class OpenFile
{
    public static FileDescriptor ReadWrite(string path) => Open(path, Libc.O_RDWR | Libc.O_NOCTTY | Libc.O_CLOEXEC);

    public static FileDescriptor Read(string path) => Open(path, Libc.O_RDONLY | Libc.O_NOCTTY | Libc.O_CLOEXEC);

    /// <returns>False where the owner cannot be changed here: a read-only file system, a file of another user namespace.</returns>
    public static bool TrySetOwner(FileDescriptor file, uint user, uint group)
    {
        if (Libc.fchown(file.Number, user, group) == 0)
        {
            return true;
        }

        var error = LinuxException.FromLastError("fchown");
        return error.Errno is Errno.EINVAL or Errno.EPERM or Errno.EROFS ? false : throw error;
    }

    /// <summary>Whether this process may execute the file: its effective user, with its capabilities.</summary>
    /// <returns>None where it may.</returns>
    public static Errno CheckExecutable(string path)
    {
        const int effectiveIds = 0x200; // AT_EACCESS
        return Libc.faccessat(Libc.AT_FDCWD, path, Libc.X_OK, effectiveIds) == 0 ? Errno.None : LinuxException.FromLastError("faccessat").Errno;
    }

    /// <summary>What an open file is called now, whatever it was called when it was opened.</summary>
    /// <returns>Its path; of a removed one the kernel's remark (proc_pid_fd(5)), which is no file's. Null where the kernel does not say.</returns>
    public static string? NameOf(SafeFileHandle file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return File.ResolveLinkTarget(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{file.DangerousGetHandle()}"), returnFinalTarget: false)?.FullName;
    }

    private static FileDescriptor Open(string path, int flags)
    {
        var descriptor = new FileDescriptor(Libc.open(path, flags));
        return descriptor.IsInvalid ? throw LinuxException.FromLastError("open", path) : descriptor;
    }
}
