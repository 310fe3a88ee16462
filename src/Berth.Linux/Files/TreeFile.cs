using Berth.Linux.Descriptors;
using Berth.Linux.Native;

namespace Berth.Linux.Files;

/// <summary>An open file of a tree, or a directory seen as one: its content, owner, mode, times and extended attributes.</summary>
public sealed unsafe class TreeFile : IDisposable
{
    private readonly FileDescriptor _descriptor;

    internal TreeFile(FileDescriptor descriptor) => _descriptor = descriptor;

    /// <summary>What the open file is now.</summary>
    public TreeStatus Status() => TreeStatus.Of(_descriptor);

    /// <summary>Reads on from where the last read ended; 0 at the end.</summary>
    public int Read(Span<byte> buffer) =>
        DescriptorStream.Read(_descriptor, buffer, out var count) is Transfer.Done ? count : 0;

    /// <summary>
    /// Goes to the next part of a file with holes that has content: reads go on there. The file system may know of no holes; then it is
    /// all of the file.
    /// </summary>
    /// <param name="from">The end of the part before.</param>
    /// <returns>Null where only a hole is left.</returns>
    public (long Start, long End)? NextPart(long from)
    {
        var start = Libc.lseek(_descriptor.Number, from, Libc.SEEK_DATA);
        if (start < 0)
        {
            var error = LinuxException.FromLastError("lseek");
            return error.Errno switch
            {
                Errno.ENXIO => null,
                Errno.EINVAL => (from, long.MaxValue),
                _ => throw error,
            };
        }

        var end = Libc.lseek(_descriptor.Number, start, Libc.SEEK_HOLE);
        return end < 0 || Libc.lseek(_descriptor.Number, start, Libc.SEEK_SET) < 0 ? throw LinuxException.FromLastError("lseek") : (start, end);
    }

    /// <summary>Writes all but long runs of zeros, which become holes.</summary>
    /// <returns>Where the file ends now if nothing was there: before zeros at the end of the content.</returns>
    public long WriteSparselyAt(ReadOnlySpan<byte> content, long offset)
    {
        long written = 0;
        for (var at = 0; at < content.Length;)
        {
            (var start, at) = SparseContent.NextPart(content, at);
            if (start < at)
            {
                WriteAt(content[start..at], offset + start);
                written = offset + at;
            }
        }

        return written;
    }

    public void WriteAt(ReadOnlySpan<byte> content, long offset)
    {
        fixed (byte* bytes = content)
        {
            var written = 0;
            while (written < content.Length)
            {
                var count = Libc.pwrite(_descriptor.Number, bytes + written, (nuint)(content.Length - written), offset + written);
                if (count >= 0)
                {
                    written += (int)count;
                }
                else if (LinuxException.FromLastError("write") is { Errno: not Errno.EINTR } error)
                {
                    throw error;
                }
            }
        }
    }

    /// <summary>Sets the length; what was never written is a hole that reads as zeros.</summary>
    public void SetLength(long length) => Check(Libc.ftruncate(_descriptor.Number, length), "ftruncate");

    public void SetOwner(uint user, uint group) => Check(Libc.fchown(_descriptor.Number, user, group), "fchown");

    /// <summary>After the owner: changing that clears the set-id bits.</summary>
    public void SetMode(uint permissions) => Check(Libc.fchmod(_descriptor.Number, permissions), "fchmod");

    public void SetTimes(FileTime accessed, FileTime modified)
    {
        var times = stackalloc Libc.timespec[] { accessed.ToNative(), modified.ToNative() };
        Check(Libc.futimens(_descriptor.Number, times), "futimens");
    }

    /// <returns>The kernel's refusal, or None.</returns>
    public Errno TrySetAttribute(ReadOnlySpan<byte> attribute, ReadOnlySpan<byte> value)
    {
        Span<byte> buffer = stackalloc byte[256];
        fixed (byte* text = TreeDirectory.Terminate(attribute, buffer))
        fixed (byte* bytes = value)
        {
            return Libc.fsetxattr(_descriptor.Number, text, bytes, (nuint)value.Length, 0) == 0
                ? Errno.None
                : LinuxException.FromLastError("fsetxattr").Errno;
        }
    }

    /// <returns>Null where the file has no such attribute.</returns>
    public byte[]? TryGetAttribute(ReadOnlySpan<byte> attribute)
    {
        Span<byte> buffer = stackalloc byte[256];
        fixed (byte* text = TreeDirectory.Terminate(attribute, buffer))
        {
            var value = new byte[64 * 1024];
            fixed (byte* bytes = value)
            {
                var length = Libc.fgetxattr(_descriptor.Number, text, bytes, (nuint)value.Length);
                if (length >= 0)
                {
                    return value[..(int)length];
                }
            }

            var error = LinuxException.FromLastError("fgetxattr", TreeDirectory.Show(attribute));
            return error.Errno is Errno.ENODATA or Errno.EOPNOTSUPP ? null : throw error;
        }
    }

    /// <summary>The names of all extended attributes.</summary>
    public IReadOnlyList<byte[]> AttributeNames()
    {
        // The kernel's limit for a list (XATTR_LIST_MAX).
        var list = new byte[64 * 1024];
        fixed (byte* bytes = list)
        {
            var length = Libc.flistxattr(_descriptor.Number, bytes, (nuint)list.Length);
            if (length < 0)
            {
                var error = LinuxException.FromLastError("flistxattr");
                return error.Errno is Errno.EOPNOTSUPP ? [] : throw error;
            }

            var names = new List<byte[]>();
            var rest = list.AsSpan(0, (int)length);
            while (rest.IndexOf((byte)0) is >= 0 and var end)
            {
                names.Add(rest[..end].ToArray());
                rest = rest[(end + 1)..];
            }

            return names;
        }
    }

    public void Dispose() => _descriptor.Dispose();

    private static void Check(int result, string call)
    {
        if (result != 0)
        {
            throw LinuxException.FromLastError(call);
        }
    }
}
