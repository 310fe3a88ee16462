using System.Globalization;
using Berth.Linux.Mounts;
using Berth.Linux.Native;

namespace Berth.Linux.Files;

/// <summary>
/// An entry of a directory that a descriptor holds (O_PATH): a link itself, a device or pipe that is not opened. Its owner, mode,
/// times and attributes are changed through the descriptor alone. Whatever its name means by then, it is this file that changes.
/// </summary>
public sealed unsafe class HeldEntry : IDisposable
{
    private const int NameBuffer = 256;

    // "/proc/self/fd/" and the longest number.
    private const int PathBuffer = 32;

    // The path through /proc is only right where that is the kernel's; nobody mounts over a host's while its programs run.
    private static readonly Lazy<bool> _procIsTrue = new(ProcIsTrue);

    private readonly FileDescriptor _descriptor;

    private HeldEntry(FileDescriptor descriptor) => _descriptor = descriptor;

    /// <summary>Holds what is at the path: of a link in its last place, the link.</summary>
    public static HeldEntry Open(string path)
    {
        var descriptor = new FileDescriptor(Libc.openat(Libc.AT_FDCWD, path, Libc.O_PATH | Arch.O_NOFOLLOW | Libc.O_CLOEXEC, 0));
        return descriptor.IsInvalid ? throw LinuxException.FromLastError("open", path) : new HeldEntry(descriptor);
    }

    public TreeStatus Status() => TreeStatus.Of(_descriptor);

    /// <summary>Gives it to a user and a group; <see cref="uint.MaxValue"/>: that one stays.</summary>
    public void SetOwner(uint user, uint group)
    {
        byte empty = 0;
        Check(Libc.fchownat(_descriptor.Number, &empty, user, group, Libc.AT_EMPTY_PATH), "chown");
    }

    /// <summary>After the owner: changing that clears the set-id bits. A link has no mode of its own (EOPNOTSUPP).</summary>
    public void SetMode(uint permissions)
    {
        byte empty = 0;
        if (Libc.fchmodat2(Libc.SYS_fchmodat2, _descriptor.Number, &empty, permissions, Libc.AT_EMPTY_PATH) == 0)
        {
            return;
        }

        var error = LinuxException.FromLastError("chmod");
        if (error.Errno is not Errno.ENOSYS)
        {
            throw error;
        }

        SetModeThroughProc(permissions);
    }

    public void SetTimes(FileTime accessed, FileTime modified)
    {
        byte empty = 0;
        var times = stackalloc Libc.timespec[] { accessed.ToNative(), modified.ToNative() };
        Check(Libc.utimensat(_descriptor.Number, &empty, times, Libc.AT_EMPTY_PATH), "utimensat");
    }

    /// <summary>Sets an extended attribute.</summary>
    /// <returns>The kernel's refusal, or None.</returns>
    public Errno TrySetAttribute(ReadOnlySpan<byte> attribute, ReadOnlySpan<byte> value)
    {
        // There is no setxattrat(2) before Linux 6.13, and fsetxattr(2) takes no O_PATH.
        Span<byte> path = stackalloc byte[PathBuffer];
        WritePath(path);
        Span<byte> attributeBuffer = stackalloc byte[NameBuffer];
        fixed (byte* text = path)
        fixed (byte* attributeText = TreeDirectory.Terminate(attribute, attributeBuffer))
        fixed (byte* bytes = value)
        {
            return Libc.setxattr(text, attributeText, bytes, (nuint)value.Length, 0) == 0
                ? Errno.None
                : LinuxException.FromLastError("setxattr").Errno;
        }
    }

    public void Dispose() => _descriptor.Dispose();

    /// <summary>Holds what was just made under a name.</summary>
    /// <param name="type">What was made, as in st_mode.</param>
    /// <param name="device">Its device number, if it is a device.</param>
    /// <exception cref="LinuxException">Something else has the name by now (EEXIST).</exception>
    internal static HeldEntry OpenMade(FileDescriptor directory, ReadOnlySpan<byte> name, uint type, (uint Major, uint Minor) device)
    {
        Span<byte> buffer = stackalloc byte[NameBuffer];
        FileDescriptor descriptor;
        fixed (byte* text = TreeDirectory.Terminate(name, buffer))
        {
            descriptor = new FileDescriptor(Libc.openat(directory.Number, text, Libc.O_PATH | Arch.O_NOFOLLOW | Libc.O_CLOEXEC, 0));
        }

        if (descriptor.IsInvalid)
        {
            throw LinuxException.FromLastError("open", TreeDirectory.Show(name));
        }

        var entry = new HeldEntry(descriptor);
        var status = entry.Status();
        if ((status.Mode & Libc.S_IFMT) == type && (type is not (Libc.S_IFCHR or Libc.S_IFBLK) || status.Device == device))
        {
            return entry;
        }

        entry.Dispose();
        throw new LinuxException("open", Errno.EEXIST, TreeDirectory.Show(name));
    }

    /// <summary>How it is done before Linux 6.6, which has no fchmodat2(2).</summary>
    internal void SetModeThroughProc(uint permissions)
    {
        Span<byte> path = stackalloc byte[PathBuffer];
        WritePath(path);
        fixed (byte* text = path)
        {
            Check(Libc.chmod(text, permissions), "chmod");
        }
    }

    // The last step of this path leads to the held file itself, whatever it is, and ends there: a link is not followed on.
    private void WritePath(Span<byte> path)
    {
        if (!_procIsTrue.Value)
        {
            throw new LinuxException("open", Errno.ENODEV, "/proc/self/fd is not of a proc file system");
        }

        System.Text.Unicode.Utf8.TryWrite(path, CultureInfo.InvariantCulture, $"/proc/self/fd/{_descriptor.Number}\0", out _);
    }

    private static bool ProcIsTrue()
    {
        using var directory = new FileDescriptor(Libc.openat(Libc.AT_FDCWD, "/proc/self/fd", Libc.O_PATH | Arch.O_DIRECTORY | Libc.O_CLOEXEC, 0));
        return !directory.IsInvalid && MountStatus.IsProc(directory);
    }

    private static void Check(int result, string call)
    {
        if (result != 0)
        {
            throw LinuxException.FromLastError(call);
        }
    }
}
