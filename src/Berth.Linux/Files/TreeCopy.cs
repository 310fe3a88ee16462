using System.Buffers;
using Berth.Linux.Native;

namespace Berth.Linux.Files;

/// <summary>
/// Copies a tree that may hold anything: content, owners, permissions, times and extended attributes of files, directories, links,
/// devices and pipes. Hard links within it become files of their own; sockets are left out.
/// </summary>
public static class TreeCopy
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Copies what is in a directory, and how the directory itself is, into another one that exists.</summary>
    /// <param name="source">Of a directory; O_PATH suffices.</param>
    /// <param name="destination">Where it is to be; empty.</param>
    public static void Copy(FileDescriptor source, TreeDirectory destination)
    {
        byte here = (byte)'.';
        using var from = new TreeDirectory(source).OpenDirectory(new ReadOnlySpan<byte>(ref here));
        CopyEntries(from, destination);
        CopyFacts(from.AsFile(), destination.AsFile(), from.Status());
    }

    private static void CopyEntries(TreeDirectory from, TreeDirectory to)
    {
        foreach (var name in from.ReadNames())
        {
            CopyEntry(from, to, name);
        }
    }

    private static void CopyEntry(TreeDirectory from, TreeDirectory to, ReadOnlySpan<byte> name)
    {
        if (from.TryStatus(name) is not { } status)
        {
            return;
        }

        switch (status.Mode & Libc.S_IFMT)
        {
            case Libc.S_IFDIR:
                using (var inner = from.OpenDirectory(name))
                using (var copy = to.TryMakeDirectory(name, 0x1C0 /* 0700 */) ?? to.OpenDirectory(name))
                {
                    CopyEntries(inner, copy);
                    CopyFacts(inner.AsFile(), copy.AsFile(), status);
                }

                break;
            case Libc.S_IFREG:
                CopyFile(from, to, name, status);
                break;
            case Libc.S_IFLNK:
                using (var link = to.TryMakeSymbolicLink(name, from.ReadLink(name)))
                {
                    link?.SetOwner(status.User, status.Group);
                    link?.SetTimes(status.Modified, status.Modified);
                }

                break;
            case Libc.S_IFSOCK:
                break;
            default:
                using (var node = to.TryMakeNode(name, status.Mode, status.Device.Major, status.Device.Minor))
                {
                    node?.SetOwner(status.User, status.Group);
                    node?.SetMode(status.Permissions);
                }

                break;
        }
    }

    private static void CopyFile(TreeDirectory from, TreeDirectory to, ReadOnlySpan<byte> name, TreeStatus status)
    {
        using var source = from.OpenFile(name);
        using var copy = to.TryMakeFile(name);
        if (copy is null)
        {
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            CopyContent(source, copy, status, buffer);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        CopyFacts(source, copy, status);
    }

    private static void CopyContent(TreeFile source, TreeFile copy, TreeStatus status, byte[] buffer)
    {
        if (!status.HasHoles)
        {
            long offset = 0;
            while (source.Read(buffer) is > 0 and var count)
            {
                copy.WriteAt(buffer.AsSpan(0, count), offset);
                offset += count;
            }

            return;
        }

        long end = 0;
        while (end < status.Size && source.NextPart(end) is { } part && part.Start < status.Size)
        {
            end = Math.Min(part.End, status.Size);
            for (var at = part.Start; at < end;)
            {
                var count = source.Read(buffer.AsSpan(0, (int)Math.Min(end - at, buffer.Length)));
                if (count == 0)
                {
                    return;
                }

                copy.WriteAt(buffer.AsSpan(0, count), at);
                at += count;
            }
        }

        copy.SetLength(status.Size);
    }

    /// <summary>The owner before the mode, as changing the owner clears set-id bits; the times last.</summary>
    private static void CopyFacts(TreeFile from, TreeFile to, TreeStatus status)
    {
        to.SetOwner(status.User, status.Group);
        to.SetMode(status.Permissions);
        foreach (var attribute in from.AttributeNames())
        {
            // What only means something to overlayfs, or what this file system does not take, is no loss.
            if (!attribute.AsSpan().StartsWith("trusted.overlay."u8) && from.TryGetAttribute(attribute) is { } value)
            {
                to.TrySetAttribute(attribute, value);
            }
        }

        to.SetTimes(status.Modified, status.Modified);
    }
}
