using System.Buffers;
using System.Text;
using Berth.Archives.Tar;
using Berth.Linux;
using Berth.Linux.Files;

namespace Berth.Archives.Trees;

/// <summary>Makes in an open directory what an entry of an archive says, with its owner, mode, attributes and time.</summary>
public static class TreeEntry
{
    private const int BufferSize = 256 * 1024;
    private const uint CharacterDevice = 0x2000;
    private const uint BlockDevice = 0x6000;
    private const uint Fifo = 0x1000;

    // Until it has its owner it is root's, and nobody else's to use.
    private const uint Made = 0x180; // 0600

    public static void SetDirectory(TreeDirectory directory, TarEntry entry)
    {
        var file = directory.AsFile();
        file.SetOwner(entry.User, entry.Group);
        file.SetMode(entry.Mode);
        TreeAttributes.Apply(entry, file.TrySetAttribute);
        file.SetTimes(entry.Modified, entry.Modified);
    }

    /// <summary>Makes a file with the content that the archive has next; its name is free.</summary>
    public static void MakeFile(TreeDirectory directory, byte[] name, TarEntry entry, TarReader archive)
    {
        using var file = directory.TryMakeFile(name) ?? throw new LinuxException("open", Errno.EEXIST, Encoding.UTF8.GetString(name));
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(entry.Size, 1, BufferSize));
        long end = 0;
        try
        {
            foreach (var (offset, length) in entry.Segments ?? [new SparseSegment(0, entry.Size)])
            {
                for (long written = 0; written < length;)
                {
                    // Filled first: of a large write the kernel makes large folios of its cache, and a program is mapped by those.
                    var block = buffer.AsSpan(0, (int)Math.Min(length - written, BufferSize));
                    archive.ReadContentExactly(block);
                    end = Math.Max(end, file.WriteSparselyAt(block, offset + written));
                    written += block.Length;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (end < entry.Size)
        {
            file.SetLength(entry.Size);
        }

        // In this order: a change of the owner clears set-id bits and capabilities, a write changes the time.
        file.SetOwner(entry.User, entry.Group);
        file.SetMode(entry.Mode);
        TreeAttributes.Apply(entry, file.TrySetAttribute);
        file.SetTimes(entry.Modified, entry.Modified);
    }

    /// <summary>Makes a link, device or pipe; its name is free.</summary>
    public static void MakeSpecial(TreeDirectory directory, byte[] name, TarEntry entry)
    {
        using var made = entry.Type switch
        {
            TarEntryType.SymbolicLink => directory.TryMakeSymbolicLink(name, entry.LinkName),
            TarEntryType.CharacterDevice => directory.TryMakeNode(name, CharacterDevice | Made, entry.DeviceMajor, entry.DeviceMinor),
            TarEntryType.BlockDevice => directory.TryMakeNode(name, BlockDevice | Made, entry.DeviceMajor, entry.DeviceMinor),
            _ => directory.TryMakeNode(name, Fifo | Made, 0, 0),
        };
        if (made is null)
        {
            throw new LinuxException("mknod", Errno.EEXIST, Encoding.UTF8.GetString(name));
        }

        made.SetOwner(entry.User, entry.Group);
        if (entry.Type is not TarEntryType.SymbolicLink)
        {
            made.SetMode(entry.Mode);
        }

        TreeAttributes.Apply(entry, made.TrySetAttribute);
        made.SetTimes(entry.Modified, entry.Modified);
    }
}
