using System.Buffers;
using System.Buffers.Binary;
using Berth.Linux.Descriptors;
using Berth.Linux.Native;

namespace Berth.Linux.Files;

/// <summary>
/// Copies a tree that may hold anything: content, owners, permissions, times and extended attributes of files, directories, links,
/// devices and pipes. Hard links within it become files of their own; sockets are left out.
/// </summary>
public static unsafe class TreeCopy
{
    private const int BufferSize = 64 * 1024;
    private const int LinkLength = 4096;

    // As in TreeRemoval: of struct linux_dirent64 (getdents64(2)).
    private const int LengthOffset = 16;
    private const int NameOffset = 19;

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
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (ReadEntries(from, buffer) is > 0 and var length)
            {
                for (var at = 0; at < length; at += BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(at + LengthOffset)))
                {
                    var name = buffer.AsSpan(at + NameOffset);
                    name = name[..name.IndexOf((byte)0)];
                    if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                    {
                        CopyEntry(from, to, name);
                    }
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
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
                to.TryMakeDirectory(name, 0x1C0 /* 0700 */);
                using (var inner = from.OpenDirectory(name))
                using (var copy = to.OpenDirectory(name))
                {
                    CopyEntries(inner, copy);
                    CopyFacts(inner.AsFile(), copy.AsFile(), status);
                }

                break;
            case Libc.S_IFREG:
                CopyFile(from, to, name, status);
                break;
            case Libc.S_IFLNK:
                to.TryMakeSymbolicLink(name, ReadLink(from, name));
                to.SetOwner(name, status.User, status.Group);
                to.SetTimes(name, status.Modified, status.Modified);
                break;
            case Libc.S_IFSOCK:
                break;
            default:
                to.TryMakeNode(name, status.Mode, status.Device.Major, status.Device.Minor);
                to.SetOwner(name, status.User, status.Group);
                to.SetMode(name, status.Permissions);
                break;
        }
    }

    private static void CopyFile(TreeDirectory from, TreeDirectory to, ReadOnlySpan<byte> name, TreeStatus status)
    {
        using var source = OpenFile(from, name);
        using var copy = to.TryMakeFile(name);
        if (copy is null)
        {
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            long offset = 0;
            while (DescriptorStream.Read(source, buffer, out var count) is Transfer.Done)
            {
                copy.WriteAt(buffer.AsSpan(0, count), offset);
                offset += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        using var facts = new TreeFile(source);
        CopyFacts(facts, copy, status);
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

    private static FileDescriptor OpenFile(TreeDirectory directory, ReadOnlySpan<byte> name)
    {
        Span<byte> buffer = stackalloc byte[256];
        fixed (byte* text = TreeDirectory.Terminate(name, buffer))
        {
            const int Flags = Libc.O_RDONLY | Libc.O_NOCTTY | Libc.O_NONBLOCK | Libc.O_CLOEXEC;
            var file = new FileDescriptor(Libc.openat(directory.Descriptor.Number, text, Flags | Arch.O_NOFOLLOW, 0));
            return file.IsInvalid ? throw LinuxException.FromLastError("open", TreeDirectory.Show(name)) : file;
        }
    }

    private static byte[] ReadLink(TreeDirectory directory, ReadOnlySpan<byte> name)
    {
        Span<byte> buffer = stackalloc byte[256];
        var target = new byte[LinkLength];
        fixed (byte* text = TreeDirectory.Terminate(name, buffer))
        fixed (byte* bytes = target)
        {
            var length = Libc.readlinkat(directory.Descriptor.Number, text, bytes, LinkLength);
            return length < 0 ? throw LinuxException.FromLastError("readlink", TreeDirectory.Show(name)) : target[..(int)length];
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
}
