using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Berth.Linux.Native;

namespace Berth.Linux.Files;

/// <summary>
/// Removes a tree that may hold anything: names that are no text, links to outside, more levels than a process may have files open.
/// Directories are opened one from the other without following links.
/// </summary>
public static unsafe class TreeRemoval
{
    private const int BufferSize = 8 * 1024;

    // Deeper directories are first moved up to the top, so that neither descriptors nor the stack run out.
    private const int DepthMax = 64;

    // Of struct linux_dirent64 (getdents64(2)): inode and offset take 16 bytes, then length (2), type (1) and the name.
    private const int LengthOffset = 16;
    private const int TypeOffset = 18;
    private const int NameOffset = 19;
    private const byte DT_DIR = 4;

    /// <summary>Removes what is at the path with all that is below it; nothing there is no error.</summary>
    public static void Remove(string path)
    {
        var trimmed = path.TrimEnd('/');
        if (Path.GetDirectoryName(trimmed) is { Length: > 0 } above && Directory.Exists(above))
        {
            using var parent = TreeDirectory.Open(above);
            parent.RemoveTree(Encoding.UTF8.GetBytes(Path.GetFileName(trimmed)));
        }
    }

    /// <summary>Removes an entry of the directory with all that is below it; nothing there is no error.</summary>
    public static void RemoveTree(this TreeDirectory directory, ReadOnlySpan<byte> name)
    {
        ArgumentNullException.ThrowIfNull(directory);
        if (TryUnlink(directory, name, 0))
        {
            return;
        }

        // Once more as long as directories were moved to the top: reading the top may have passed the place where they went.
        var moved = 0L;
        long before;
        do
        {
            before = moved;
            using var top = directory.OpenDirectory(name);
            RemoveEntries(top, top, 1, ref moved);
        }
        while (moved != before);

        TryUnlink(directory, name, Libc.AT_REMOVEDIR);
    }

    private static void RemoveEntries(TreeDirectory directory, TreeDirectory top, int depth, ref long moved)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (ReadEntries(directory, buffer) is > 0 and var length)
            {
                for (var at = 0; at < length; at += BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(at + LengthOffset)))
                {
                    var name = buffer.AsSpan(at + NameOffset);
                    name = name[..name.IndexOf((byte)0)];
                    if (name.SequenceEqual("."u8) || name.SequenceEqual(".."u8)
                        || (buffer[at + TypeOffset] != DT_DIR && TryUnlink(directory, name, 0)))
                    {
                        continue;
                    }

                    if (depth == DepthMax)
                    {
                        MoveToTop(directory, name, top, ref moved);
                        continue;
                    }

                    using (var child = directory.OpenDirectory(name))
                    {
                        RemoveEntries(child, top, depth + 1, ref moved);
                    }

                    TryUnlink(directory, name, Libc.AT_REMOVEDIR);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static int ReadEntries(TreeDirectory directory, byte[] buffer)
    {
        fixed (byte* bytes = buffer)
        {
            var length = (int)Libc.getdents64(directory.Descriptor.Number, bytes, BufferSize);
            return length >= 0 ? length : throw LinuxException.FromLastError("getdents64");
        }
    }

    private static void MoveToTop(TreeDirectory directory, ReadOnlySpan<byte> name, TreeDirectory top, ref long moved)
    {
        Span<byte> buffer = stackalloc byte[256];
        fixed (byte* from = TreeDirectory.Terminate(name, buffer))
        {
            while (true)
            {
                moved++;
                var free = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $".berth-removed-{moved}\0"));
                fixed (byte* to = free)
                {
                    if (Libc.renameat(directory.Descriptor.Number, from, top.Descriptor.Number, to) == 0)
                    {
                        return;
                    }
                }

                var error = LinuxException.FromLastError("rename", TreeDirectory.Show(name));
                if (error.Errno is not (Errno.EEXIST or Errno.ENOTEMPTY or Errno.ENOTDIR))
                {
                    throw error;
                }
            }
        }
    }

    /// <returns>False where it is a directory, and one that is not empty.</returns>
    private static bool TryUnlink(TreeDirectory directory, ReadOnlySpan<byte> name, int flags)
    {
        Span<byte> buffer = stackalloc byte[256];
        fixed (byte* text = TreeDirectory.Terminate(name, buffer))
        {
            if (Libc.unlinkat(directory.Descriptor.Number, text, flags) == 0)
            {
                return true;
            }
        }

        var error = LinuxException.FromLastError("unlink", TreeDirectory.Show(name));
        return error.Errno switch
        {
            Errno.ENOENT => true,
            Errno.EISDIR or Errno.ENOTEMPTY => false,
            _ => throw error,
        };
    }
}
