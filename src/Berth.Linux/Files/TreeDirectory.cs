using System.Buffers;
using System.Buffers.Binary;
using Berth.Linux.Native;

namespace Berth.Linux.Files;

/// <summary>
/// An open directory whose entries are named by bytes, as the kernel names them. A name is a single component and links in it are
/// not followed, so that what is made lies in this directory and nowhere else. What is made comes back as a descriptor, through which
/// alone it is changed: by then its name may be something else's.
/// </summary>
public sealed unsafe class TreeDirectory : IDisposable
{
    private const int NameBuffer = 256;
    private const int PathBuffer = 4096;
    private const int EntriesBuffer = 64 * 1024;

    internal TreeDirectory(FileDescriptor descriptor) => Descriptor = descriptor;

    public FileDescriptor Descriptor { get; }

    public static TreeDirectory Open(string path)
    {
        var descriptor = new FileDescriptor(Libc.openat(Libc.AT_FDCWD, path, Libc.O_RDONLY | Arch.O_DIRECTORY | Libc.O_CLOEXEC, 0));
        return descriptor.IsInvalid ? throw LinuxException.FromLastError("open", path) : new TreeDirectory(descriptor);
    }

    /// <summary>Opens the directory at a path below this one, links followed as if this directory were "/".</summary>
    /// <returns>Null where there is no such directory (ENOENT, ENOTDIR, ELOOP).</returns>
    public TreeDirectory? TryOpenBelow(ReadOnlySpan<byte> path)
    {
        Span<byte> buffer = stackalloc byte[PathBuffer];
        fixed (byte* text = Terminate(path, buffer))
        {
            var how = new Libc.open_how
            {
                flags = (uint)(Libc.O_RDONLY | Arch.O_DIRECTORY | Libc.O_CLOEXEC),
                resolve = Libc.RESOLVE_IN_ROOT | Libc.RESOLVE_NO_MAGICLINKS,
            };
            while (true)
            {
                var descriptor = new FileDescriptor(Libc.openat2(Libc.SYS_openat2, Descriptor.Number, text, &how, (nuint)sizeof(Libc.open_how)));
                if (!descriptor.IsInvalid)
                {
                    return new TreeDirectory(descriptor);
                }

                var error = LinuxException.FromLastError("openat2", Show(path));
                switch (error.Errno)
                {
                    case Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP:
                        return null;
                    case Errno.EAGAIN:
                        // A rename elsewhere may have disturbed the resolution; openat2(2) says to try again.
                        continue;
                    default:
                        throw error;
                }
            }
        }
    }

    /// <summary>Opens the directory of this name; a link is none.</summary>
    public TreeDirectory OpenDirectory(ReadOnlySpan<byte> name)
    {
        Span<byte> buffer = stackalloc byte[NameBuffer];
        fixed (byte* text = Terminate(name, buffer))
        {
            var descriptor = new FileDescriptor(
                Libc.openat(Descriptor.Number, text, Libc.O_RDONLY | Arch.O_DIRECTORY | Arch.O_NOFOLLOW | Libc.O_CLOEXEC, 0));
            return descriptor.IsInvalid ? throw LinuxException.FromLastError("open", Show(name)) : new TreeDirectory(descriptor);
        }
    }

    /// <returns>Null where nothing has this name.</returns>
    public TreeStatus? TryStatus(ReadOnlySpan<byte> name)
    {
        Span<byte> buffer = stackalloc byte[NameBuffer];
        fixed (byte* text = Terminate(name, buffer))
        {
            Libc.statx_buffer status;
            if (Libc.statx(Descriptor.Number, text, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC_STATS, &status) == 0)
            {
                return TreeStatus.From(status);
            }

            var error = LinuxException.FromLastError("statx", Show(name));
            return error.Errno is Errno.ENOENT ? null : throw error;
        }
    }

    /// <summary>What this directory itself is.</summary>
    public TreeStatus Status() => TreeStatus.Of(Descriptor);

    /// <summary>Opens a file for reading; a link is none, and a pipe without a writer does not wait.</summary>
    public TreeFile OpenFile(ReadOnlySpan<byte> name)
    {
        Span<byte> buffer = stackalloc byte[NameBuffer];
        fixed (byte* text = Terminate(name, buffer))
        {
            const int Flags = Libc.O_RDONLY | Libc.O_NOCTTY | Libc.O_NONBLOCK | Libc.O_CLOEXEC;
            var file = new FileDescriptor(Libc.openat(Descriptor.Number, text, Flags | Arch.O_NOFOLLOW, 0));
            return file.IsInvalid ? throw LinuxException.FromLastError("open", Show(name)) : new TreeFile(file);
        }
    }

    /// <summary>The text of a symbolic link.</summary>
    public byte[] ReadLink(ReadOnlySpan<byte> name)
    {
        Span<byte> buffer = stackalloc byte[NameBuffer];
        var target = new byte[PathBuffer];
        fixed (byte* text = Terminate(name, buffer))
        fixed (byte* bytes = target)
        {
            var length = Libc.readlinkat(Descriptor.Number, text, bytes, PathBuffer);
            return length < 0 ? throw LinuxException.FromLastError("readlink", Show(name)) : target[..(int)length];
        }
    }

    /// <summary>The names of all entries but "." and "..", in the order of their bytes.</summary>
    public IReadOnlyList<byte[]> ReadNames()
    {
        // Of struct linux_dirent64 (getdents64(2)): inode and offset take 16 bytes, then length (2), type (1) and the name.
        const int LengthOffset = 16;
        const int NameOffset = 19;
        var names = new List<byte[]>();
        var buffer = ArrayPool<byte>.Shared.Rent(EntriesBuffer);
        try
        {
            while (ReadEntries(buffer) is > 0 and var length)
            {
                for (var at = 0; at < length; at += BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(at + LengthOffset)))
                {
                    var name = buffer.AsSpan(at + NameOffset);
                    name = name[..name.IndexOf((byte)0)];
                    if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                    {
                        names.Add(name.ToArray());
                    }
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        names.Sort(static (a, b) => a.AsSpan().SequenceCompareTo(b));
        return names;
    }

    /// <summary>Makes an empty file, open for writing, that only its owner may use; null where the name is taken.</summary>
    public TreeFile? TryMakeFile(ReadOnlySpan<byte> name)
    {
        Span<byte> buffer = stackalloc byte[NameBuffer];
        fixed (byte* text = Terminate(name, buffer))
        {
            const int Flags = Libc.O_WRONLY | Libc.O_CREAT | Libc.O_EXCL | Libc.O_CLOEXEC;
            var descriptor = new FileDescriptor(Libc.openat(Descriptor.Number, text, Flags | Arch.O_NOFOLLOW, 0x180 /* 0600 */));
            return descriptor.IsInvalid ? MadeOrTaken<TreeFile>("open", name) : new TreeFile(descriptor);
        }
    }

    /// <summary>Makes a directory and opens it.</summary>
    /// <returns>Null where the name is taken.</returns>
    public TreeDirectory? TryMakeDirectory(ReadOnlySpan<byte> name, uint mode)
    {
        Span<byte> buffer = stackalloc byte[NameBuffer];
        fixed (byte* text = Terminate(name, buffer))
        {
            return Made(Libc.mkdirat(Descriptor.Number, text, mode), "mkdir", name) ? OpenDirectory(name) : null;
        }
    }

    /// <param name="target">Any bytes; the link is not followed here.</param>
    /// <returns>Null where the name is taken.</returns>
    public HeldEntry? TryMakeSymbolicLink(ReadOnlySpan<byte> name, ReadOnlySpan<byte> target)
    {
        Span<byte> buffer = stackalloc byte[NameBuffer];
        Span<byte> targetBuffer = stackalloc byte[PathBuffer];
        fixed (byte* text = Terminate(name, buffer))
        fixed (byte* targetText = Terminate(target, targetBuffer))
        {
            return Made(Libc.symlinkat(targetText, Descriptor.Number, text), "symlink", name)
                ? HeldEntry.OpenMade(Descriptor, name, Libc.S_IFLNK, default)
                : null;
        }
    }

    /// <summary>Makes a device, pipe or socket.</summary>
    /// <param name="mode">File type and permissions, as in st_mode.</param>
    /// <returns>Null where the name is taken.</returns>
    public HeldEntry? TryMakeNode(ReadOnlySpan<byte> name, uint mode, uint major, uint minor)
    {
        Span<byte> buffer = stackalloc byte[NameBuffer];
        fixed (byte* text = Terminate(name, buffer))
        {
            return Made(Libc.mknodat(Descriptor.Number, text, mode, DeviceNumber.Of(major, minor)), "mknod", name)
                ? HeldEntry.OpenMade(Descriptor, name, mode & Libc.S_IFMT, (major, minor))
                : null;
        }
    }

    /// <summary>Gives a file of another directory a second name in this one. The file is not followed where it is a link.</summary>
    /// <returns>False where the name is taken.</returns>
    public bool TryMakeHardLink(ReadOnlySpan<byte> name, TreeDirectory source, ReadOnlySpan<byte> sourceName)
    {
        Span<byte> buffer = stackalloc byte[NameBuffer];
        Span<byte> sourceBuffer = stackalloc byte[NameBuffer];
        fixed (byte* text = Terminate(name, buffer))
        fixed (byte* sourceText = Terminate(sourceName, sourceBuffer))
        {
            return Made(Libc.linkat(source.Descriptor.Number, sourceText, Descriptor.Number, text, 0), "link", name);
        }
    }

    /// <summary>This directory as a file: for its owner, mode, times and attributes.</summary>
    public TreeFile AsFile() => new(Descriptor);

    /// <summary>
    /// Tells the file system that the directories in this one have nothing to do with each other (chattr(1), T), so that it puts them in
    /// different places. Where it does not care, nothing happens.
    /// </summary>
    public void SpreadDirectories()
    {
        int flags;
        if (Libc.ioctl(Descriptor.Number, Libc.FS_IOC_GETFLAGS, &flags) == 0)
        {
            flags |= Libc.FS_TOPDIR_FL;
            _ = Libc.ioctl(Descriptor.Number, Libc.FS_IOC_SETFLAGS, &flags);
        }
    }

    /// <summary>Writes everything that is not yet on the disk of this directory's file system to it.</summary>
    public void SyncFileSystem() => Check(Libc.syncfs(Descriptor.Number), "syncfs", default);

    public void Dispose() => Descriptor.Dispose();

    internal static Span<byte> Terminate(ReadOnlySpan<byte> name, Span<byte> buffer)
    {
        if (name.Length >= buffer.Length)
        {
            throw new LinuxException("open", Errno.ENAMETOOLONG, Show(name[..64]) + "…");
        }

        if (name.Contains((byte)0))
        {
            throw new LinuxException("open", Errno.EINVAL, Show(name));
        }

        name.CopyTo(buffer);
        buffer[name.Length] = 0;
        return buffer;
    }

    // For messages only; bytes that are no UTF-8 show as replacement characters.
    internal static string Show(ReadOnlySpan<byte> name) => System.Text.Encoding.UTF8.GetString(name);

    private int ReadEntries(byte[] buffer)
    {
        fixed (byte* bytes = buffer)
        {
            var length = (int)Libc.getdents64(Descriptor.Number, bytes, EntriesBuffer);
            return length >= 0 ? length : throw LinuxException.FromLastError("getdents64");
        }
    }

    private static void Check(int result, string call, ReadOnlySpan<byte> name)
    {
        if (result != 0)
        {
            throw LinuxException.FromLastError(call, Show(name));
        }
    }

    private static bool Made(int result, string call, ReadOnlySpan<byte> name) =>
        result == 0 || MadeOrTaken<TreeFile>(call, name) is not null;

    private static T? MadeOrTaken<T>(string call, ReadOnlySpan<byte> name)
        where T : class
    {
        var error = LinuxException.FromLastError(call, Show(name));
        return error.Errno is Errno.EEXIST ? null : throw error;
    }
}
