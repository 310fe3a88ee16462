using System.Globalization;
using System.Text;
using Berth.Linux.Native;

namespace Berth.Linux.Cgroups;

/// <summary>An open directory of a hierarchy. All work goes through its descriptor, so that no name is looked up twice.</summary>
internal sealed unsafe class CgroupDirectory(CgroupHierarchy hierarchy, string path, FileDescriptor descriptor) : IDisposable
{
    // The kernel gives no cgroup file a longer line; a list of processes is read on until its end.
    private const int BufferSize = 4096;

    internal CgroupHierarchy Hierarchy => hierarchy;

    /// <summary>The full path, for messages and for enumeration.</summary>
    internal string Path => path;

    internal FileDescriptor Descriptor => descriptor;

    public void Dispose() => descriptor.Dispose();

    /// <returns>Null where there is no such directory.</returns>
    internal static CgroupDirectory? TryOpen(CgroupHierarchy hierarchy, string path)
    {
        var fd = Libc.openat(Libc.AT_FDCWD, path, Libc.O_PATH | Libc.O_CLOEXEC, 0);
        return fd >= 0
            ? new CgroupDirectory(hierarchy, path, new FileDescriptor(fd))
            : LinuxException.FromLastError("open", path) is { Errno: not Errno.ENOENT } error ? throw error : null;
    }

    /// <returns>False where the directory was there already.</returns>
    internal bool MakeChild(string name)
    {
        if (Libc.mkdirat(descriptor.Number, name, 0x1ED) == 0)
        {
            return true;
        }

        return LinuxException.FromLastError("mkdir", $"{path}/{name}") is { Errno: not Errno.EEXIST } error ? throw error : false;
    }

    internal CgroupDirectory Child(string name) =>
        TryOpen(hierarchy, $"{path}/{name}") ?? throw new LinuxException("open", Errno.ENOENT, $"{path}/{name}");

    internal void Write(string file, string value)
    {
        if (TryWrite(file, value) is { } error)
        {
            throw error;
        }
    }

    /// <returns>Why it failed; null where it did not.</returns>
    internal LinuxException? TryWrite(string file, string value)
    {
        using var open = OpenFile(file, Libc.O_WRONLY);
        if (open.IsInvalid)
        {
            return LinuxException.FromLastError("open", $"{path}/{file}");
        }

        // One write, whole: a cgroup file takes each write as one command.
        Span<byte> buffer = stackalloc byte[256];
        var bytes = value.Length <= 64 ? buffer[..Encoding.UTF8.GetBytes(value, buffer)] : Encoding.UTF8.GetBytes(value);
        fixed (byte* data = bytes)
        {
            return Libc.write(open.Number, data, (nuint)bytes.Length) == bytes.Length
                ? null
                : LinuxException.FromLastError($"write \"{value}\" to", $"{path}/{file}");
        }
    }

    internal string Read(string file) => TryRead(file) ?? throw new LinuxException("open", Errno.ENOENT, $"{path}/{file}");

    /// <returns>Null where there is no such file, or the cgroup is gone.</returns>
    internal string? TryRead(string file)
    {
        using var open = OpenFile(file, Libc.O_RDONLY);
        if (open.IsInvalid)
        {
            return LinuxException.FromLastError("open", $"{path}/{file}") is { Errno: not Errno.ENOENT } error ? throw error : null;
        }

        return ReadAll(open, file);
    }

    internal FileDescriptor OpenFile(string file, int flags) => new(Libc.openat(descriptor.Number, file, flags | Libc.O_CLOEXEC, 0));

    /// <returns>Null where the cgroup is gone.</returns>
    internal string? ReadAll(FileDescriptor open, string file)
    {
        var text = new StringBuilder();
        var buffer = stackalloc byte[BufferSize];
        while (true)
        {
            var read = Libc.read(open.Number, buffer, BufferSize);
            switch (read)
            {
                case 0:
                    return text.ToString();
                case > 0:
                    text.Append(Encoding.UTF8.GetString(buffer, (int)read));
                    break;
                default:
                    var error = LinuxException.FromLastError("read", $"{path}/{file}");
                    return error.Errno is Errno.ENODEV ? null : throw error;
            }
        }
    }

    /// <summary>The value of a line <c>key value</c>, as memory.events and its like have them; 0 where there is none.</summary>
    internal long ReadKey(string file, string key)
    {
        foreach (var line in (TryRead(file) ?? "").Split('\n'))
        {
            if (line.Length > key.Length && line[key.Length] == ' ' && line.StartsWith(key, StringComparison.Ordinal))
            {
                return long.Parse(line.AsSpan(key.Length + 1), CultureInfo.InvariantCulture);
            }
        }

        return 0;
    }

    internal IEnumerable<CgroupDirectory> Children()
    {
        foreach (var child in EnumerateChildren())
        {
            if (TryOpen(hierarchy, child) is { } open)
            {
                yield return open;
            }
        }
    }

    private string[] EnumerateChildren()
    {
        try
        {
            return Directory.GetDirectories(path);
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }
}
