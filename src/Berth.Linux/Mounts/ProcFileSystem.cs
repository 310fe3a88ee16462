using System.Text;
using Berth.Linux.Files;
using Berth.Linux.Native;

namespace Berth.Linux.Mounts;

/// <summary>
/// A proc file system that is known to be one, by its root's descriptor. What is written in it is found without following a link and
/// without entering another mount: what a container or an image put over or into a /proc is never reached (CVE-2019-19921,
/// CVE-2025-52881).
/// </summary>
public sealed unsafe class ProcFileSystem : IDisposable
{
    private const ulong Strictly = Libc.RESOLVE_BENEATH | Libc.RESOLVE_NO_SYMLINKS | Libc.RESOLVE_NO_MAGICLINKS | Libc.RESOLVE_NO_XDEV;

    // PROC_ROOT_INO (linux/proc_ns.h): every proc file system's root has it.
    private const ulong RootInode = 1;

    private readonly FileDescriptor _root;

    private ProcFileSystem(FileDescriptor root) => _root = root;

    /// <summary>A proc file system that is mounted nowhere, so that nobody else has it: for where /proc is a container's.</summary>
    /// <remarks>In a user namespace only a mount that shows all of /proc allows another; without it, the one at /proc is taken.</remarks>
    public static ProcFileSystem OpenOwn()
    {
        try
        {
            using var fileSystem = FileSystem.Open("proc");
            return Of(fileSystem.Mount(MountAttributes.NoSetUserId | MountAttributes.NoDevices | MountAttributes.NoExecute));
        }
        catch (LinuxException e) when (e.Errno is Errno.EPERM)
        {
            return Open();
        }
    }

    /// <summary>Takes over the descriptor of a proc file system's mount that this process has made; where it stands plays no part.</summary>
    public static ProcFileSystem Of(DetachedMount mount)
    {
        ArgumentNullException.ThrowIfNull(mount);
        return IsRoot(mount.Descriptor) ? new ProcFileSystem(mount.Descriptor) : throw new LinuxException("open", Errno.ENODEV, "proc");
    }

    /// <summary>The proc file system at /proc.</summary>
    /// <exception cref="LinuxException">What is at /proc is none, or not its root (ENODEV).</exception>
    public static ProcFileSystem Open()
    {
        var root = new FileDescriptor(Libc.openat(Libc.AT_FDCWD, "/proc", Libc.O_PATH | Arch.O_DIRECTORY | Arch.O_NOFOLLOW | Libc.O_CLOEXEC, 0));
        if (root.IsInvalid)
        {
            throw LinuxException.FromLastError("open", "/proc");
        }

        if (IsRoot(root))
        {
            return new ProcFileSystem(root);
        }

        root.Dispose();
        throw new LinuxException("open", Errno.ENODEV, "/proc");
    }

    /// <summary>Whether the descriptor is that of a proc file system's root.</summary>
    public static bool IsRoot(FileDescriptor file) => MountStatus.IsProc(file) && TreeStatus.Of(file).Identity.Inode == RootInode;

    /// <summary>Finds a file.</summary>
    /// <param name="path">Relative to the root, without links.</param>
    /// <returns>An O_PATH descriptor.</returns>
    public FileDescriptor Find(string path) => Open(path, Libc.O_PATH);

    /// <summary>Writes a file as a whole.</summary>
    /// <param name="path">Relative to the root, without links.</param>
    /// <exception cref="LinuxException">There is no such file, or it refuses the text.</exception>
    public void Write(string path, string text)
    {
        using var file = Open(path, Libc.O_WRONLY | Libc.O_NOCTTY);
        var content = Encoding.UTF8.GetBytes(text);
        fixed (byte* bytes = content)
        {
            // At once: to the kernel each write is a value of its own.
            var written = Libc.write(file.Number, bytes, (nuint)content.Length);
            if (written != content.Length)
            {
                throw written < 0 ? LinuxException.FromLastError("write", path) : new LinuxException("write", Errno.EINVAL, path);
            }
        }
    }

    public void Dispose() => _root.Dispose();

    private FileDescriptor Open(string path, int flags)
    {
        var how = new Libc.open_how { flags = (uint)(flags | Libc.O_CLOEXEC), resolve = Strictly };
        while (true)
        {
            var file = new FileDescriptor(Libc.openat2(Libc.SYS_openat2, _root.Number, path, &how, (nuint)sizeof(Libc.open_how)));
            if (!file.IsInvalid)
            {
                return file;
            }

            // A rename or mount elsewhere may have disturbed the resolution; openat2(2) says to try again.
            if (LinuxException.FromLastError("open", path) is { Errno: not Errno.EAGAIN } error)
            {
                throw error;
            }
        }
    }
}
