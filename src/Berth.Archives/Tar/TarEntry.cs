using Berth.Linux.Files;

namespace Berth.Archives.Tar;

/// <summary>One entry of an archive, with everything that the headers before it say about it.</summary>
public sealed record TarEntry
{
    /// <summary>As in the archive: bytes of any encoding.</summary>
    public required byte[] Name { get; init; }

    public required TarEntryType Type { get; init; }

    /// <summary>Of a symbolic link: its text. Of a hard link: the name of an earlier entry.</summary>
    public byte[] LinkName { get; init; } = [];

    /// <summary>Permissions with set-id and sticky bits.</summary>
    public uint Mode { get; init; }

    public uint User { get; init; }

    public uint Group { get; init; }

    public FileTime Modified { get; init; }

    /// <summary>The length of the file, holes included.</summary>
    public long Size { get; init; }

    public uint DeviceMajor { get; init; }

    public uint DeviceMinor { get; init; }

    /// <summary>Where the content lies in a sparse file, in order; null for a file without holes.</summary>
    public IReadOnlyList<SparseSegment>? Segments { get; init; }

    /// <summary>Extended attributes by name. Values are bytes.</summary>
    public IReadOnlyList<KeyValuePair<byte[], byte[]>> Attributes { get; init; } = [];
}

/// <summary>A part of a sparse file that has content.</summary>
public readonly record struct SparseSegment(long Offset, long Length);
