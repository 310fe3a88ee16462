using Berth.Linux.Native;

namespace Berth.Linux.Processes;

/// <summary>The working directory of this process.</summary>
public static class WorkingDirectory
{
    public static void Set(FileDescriptor directory)
    {
        if (Libc.fchdir(directory.Number) != 0)
        {
            throw LinuxException.FromLastError("fchdir");
        }
    }

    public static void Set(string path)
    {
        if (Libc.chdir(path) != 0)
        {
            throw LinuxException.FromLastError("chdir", path);
        }
    }

    /// <summary>Whether the working directory can be named from this process's root (getcwd(2): "(unreachable)").</summary>
    public static unsafe bool IsInsideRoot()
    {
        const int length = 4096;
        var path = stackalloc byte[length];
        return Libc.getcwd(path, length) != null && *path == (byte)'/';
    }
}
