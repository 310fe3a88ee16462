using Berth.Linux.Native;

namespace Berth.Linux.Files;

/// <summary>A directory that paths are resolved in as if it were "/": no link and no ".." leads out of it (openat2(2), RESOLVE_IN_ROOT).</summary>
public sealed unsafe class RootDirectory : IDisposable
{
    // As the kernel's own limit (path_resolution(7)).
    private const int MaxLinks = 40;

    public RootDirectory(FileDescriptor descriptor) => Descriptor = descriptor;

    public FileDescriptor Descriptor { get; }

    public static RootDirectory Open(string path)
    {
        var descriptor = new FileDescriptor(Libc.openat(Libc.AT_FDCWD, path, Libc.O_PATH | Arch.O_DIRECTORY | Libc.O_CLOEXEC, 0));
        return descriptor.IsInvalid ? throw LinuxException.FromLastError("open", path) : new RootDirectory(descriptor);
    }

    /// <summary>Finds what is at the path, links followed.</summary>
    /// <returns>An O_PATH descriptor; null where nothing is there (ENOENT, ENOTDIR).</returns>
    public FileDescriptor? TryResolve(string path) => TryOpen(path, Libc.O_PATH);

    /// <summary>Finds what is at the path, a link in its last place itself; where the path ends in a slash, what that leads to.</summary>
    /// <returns>An O_PATH descriptor; null where nothing is there.</returns>
    public FileDescriptor? TryFind(string path) => TryOpen(path, Libc.O_PATH | Arch.O_NOFOLLOW);

    /// <summary>Opens the directory at the path, links followed; null where there is none.</summary>
    public TreeDirectory? TryOpenDirectory(string path) =>
        TryOpen(path, Libc.O_RDONLY | Arch.O_DIRECTORY) is { } directory ? new TreeDirectory(directory) : null;

    /// <summary>Where a path leads, as text from this root: all links replaced by what they name, as far as something is there.</summary>
    /// <remarks>Only for showing. What the text names may be something else by the time that it is read.</remarks>
    /// <exception cref="LinuxException">There are too many links.</exception>
    public string Follow(string path)
    {
        var pending = new Stack<string>();
        Push(pending, path);
        var walked = new List<string>();
        var links = 0;
        while (pending.TryPop(out var name))
        {
            if (name == "..")
            {
                walked.RemoveRange(Math.Max(walked.Count - 1, 0), Math.Min(walked.Count, 1));
                continue;
            }

            walked.Add(name);
            using var entry = TryFind(string.Join('/', walked));
            if (entry is null || !FileStatus.Of(entry).IsLink)
            {
                continue;
            }

            if (++links > MaxLinks)
            {
                throw new LinuxException("open", Errno.ELOOP, path);
            }

            var target = DirectoryEntry.ReadLink(entry);
            Push(pending, target);
            walked.RemoveAt(walked.Count - 1);
            if (target.StartsWith('/'))
            {
                walked.Clear();
            }
        }

        return "/" + string.Join('/', walked);
    }

    /// <summary>Opens a file for reading; null where nothing is there.</summary>
    public FileDescriptor? TryOpenRead(string path) => TryOpen(path, Libc.O_RDONLY | Libc.O_NOCTTY | Libc.O_NONBLOCK);

    /// <summary>Opens a file for reading and writing, never as a controlling terminal.</summary>
    public FileDescriptor? TryOpenReadWrite(string path) => TryOpen(path, Libc.O_RDWR | Libc.O_NOCTTY);

    /// <summary>Finds the directory at the path, and makes it with its missing parents where it is not there. A dangling link's target is made.</summary>
    public FileDescriptor MakeDirectory(string path, uint mode = 0x1ED /* 0755 */) => Walk(path, mode, fileAtEnd: false);

    /// <summary>Finds what is at the path, and makes an empty file with its missing parents where nothing is there.</summary>
    public FileDescriptor MakeFile(string path) => Walk(path, 0x1ED, fileAtEnd: true);

    public void Dispose() => Descriptor.Dispose();

    private FileDescriptor? TryOpen(string path, int flags)
    {
        var how = new Libc.open_how { flags = (uint)(flags | Libc.O_CLOEXEC), resolve = Libc.RESOLVE_IN_ROOT | Libc.RESOLVE_NO_MAGICLINKS };
        while (true)
        {
            var descriptor = new FileDescriptor(Libc.openat2(Libc.SYS_openat2, Descriptor.Number, path, &how, (nuint)sizeof(Libc.open_how)));
            if (!descriptor.IsInvalid)
            {
                return descriptor;
            }

            var error = LinuxException.FromLastError("openat2", path);
            switch (error.Errno)
            {
                case Errno.ENOENT or Errno.ENOTDIR:
                    return null;
                case Errno.EAGAIN:
                    // A rename elsewhere may have disturbed the resolution; openat2(2) says to try again.
                    continue;
                default:
                    throw error;
            }
        }
    }

    // openat2 resolves only what is there. Where parts must be made, the path is walked component by component, each opened
    // without following links from the descriptor of the one before, links replaced by their text; ".." goes back on our own
    // list of directories, never on the file system's.
    private FileDescriptor Walk(string path, uint mode, bool fileAtEnd)
    {
        if (TryResolve(path) is { } found)
        {
            return found;
        }

        var pending = new Stack<string>();
        Push(pending, path);
        var walked = new Stack<FileDescriptor>();
        var links = 0;
        try
        {
            while (pending.TryPop(out var name))
            {
                if (name == "..")
                {
                    if (walked.TryPop(out var left))
                    {
                        left.Dispose();
                    }

                    continue;
                }

                var directory = walked.TryPeek(out var top) ? top : Descriptor;
                var entry = DirectoryEntry.TryOpen(directory, name) ?? MakeEntry(directory, name, mode, fileAtEnd && pending.Count == 0);
                if (FileStatus.Of(entry).IsLink)
                {
                    using (entry)
                    {
                        var target = DirectoryEntry.ReadLink(entry);
                        if (++links > MaxLinks)
                        {
                            throw new LinuxException("open", Errno.ELOOP, path);
                        }

                        Push(pending, target);
                        if (target.StartsWith('/'))
                        {
                            Clear(walked);
                        }
                    }
                }
                else
                {
                    walked.Push(entry);
                }
            }

            return walked.TryPop(out var last) ? last : TryResolve("/")!;
        }
        finally
        {
            Clear(walked);
        }
    }

    private static FileDescriptor MakeEntry(FileDescriptor directory, string name, uint mode, bool file)
    {
        var made = file
            ? Libc.mknodat(directory.Number, name, Libc.S_IFREG | mode, 0)
            : Libc.mkdirat(directory.Number, name, mode);
        if (made != 0 && LinuxException.FromLastError(file ? "mknod" : "mkdir", name) is { Errno: not Errno.EEXIST } error)
        {
            throw error;
        }

        return DirectoryEntry.TryOpen(directory, name) ?? throw new LinuxException("open", Errno.ENOENT, name);
    }

    private static void Push(Stack<string> pending, string path)
    {
        var components = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var i = components.Length - 1; i >= 0; i--)
        {
            if (components[i] != ".")
            {
                pending.Push(components[i]);
            }
        }
    }

    private static void Clear(Stack<FileDescriptor> walked)
    {
        while (walked.TryPop(out var entry))
        {
            entry.Dispose();
        }
    }
}
