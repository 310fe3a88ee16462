using Berth.Linux.Native;

namespace Berth.Linux.Files;

/// <summary>Directories that are not everyone's, whatever the umask is and whoever made them.</summary>
public static class PrivateDirectory
{
    /// <summary>Root alone lists, reads and passes.</summary>
    public const uint Closed = 0b111_000_000;

    /// <summary>Root alone, but the group passes.</summary>
    public const uint GroupPasses = 0b111_001_000;

    /// <summary>Makes the directory, and those above it, where they are missing; one that is there gets the mode, too.</summary>
    /// <returns>Whether it was made.</returns>
    public static bool Make(string path, uint mode = Closed)
    {
        var made = !Directory.Exists(path);
        if (made)
        {
            Directory.CreateDirectory(path, (UnixFileMode)mode);
        }

        SetMode(path, mode);
        return made;
    }

    /// <summary>The permissions of a directory.</summary>
    public static uint ModeOf(string path) => (uint)File.GetUnixFileMode(path);

    private static void SetMode(string path, uint mode)
    {
        if (ModeOf(path) == mode)
        {
            return;
        }

        using var directory = new FileDescriptor(Libc.openat(Libc.AT_FDCWD, path, Libc.O_RDONLY | Arch.O_DIRECTORY | Libc.O_CLOEXEC, 0));
        if (directory.IsInvalid || Libc.fchmod(directory.Number, mode) != 0)
        {
            throw LinuxException.FromLastError("chmod", path);
        }
    }
}
