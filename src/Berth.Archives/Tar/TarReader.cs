using Berth.Linux.Files;

namespace Berth.Archives.Tar;

/// <summary>
/// Reads tar archives of every form that images come in: v7, ustar, GNU, PAX; with sparse files and extended attributes.
/// </summary>
/// <remarks>
/// Not System.Formats.Tar, because layers must come out as they went in: that one decodes names and PAX values as UTF-8, which
/// destroys names in other encodings and binary attributes such as security.capability, and it has no sparse files.
/// Forward only and synchronous; it holds one header and a small buffer, whatever the archive says about its size.
/// </remarks>
public sealed class TarReader(Stream source)
{
    // Go's archive/tar (and so Docker) takes no longer header either.
    private const int SpecialSizeMax = 1 << 20;

    private readonly byte[] _block = new byte[TarHeader.BlockSize];
    private long _remaining;
    private int _padding;

    /// <summary>Goes to the next entry, whatever is left of the content of the one before; null at the end of the archive.</summary>
    public TarEntry? Next()
    {
        var pax = PaxRecords.None;
        byte[]? longName = null;
        byte[]? longLink = null;
        while (true)
        {
            SkipContent();
            if (!TryReadHeader())
            {
                return null;
            }

            var header = new TarHeader(_block);
            Begin(header.Size);
            switch (header.Type)
            {
                case 'x':
                    pax = PaxRecords.Parse(ReadSpecial());
                    break;
                case 'L':
                    longName = WithoutTerminator(ReadSpecial());
                    break;
                case 'K':
                    longLink = WithoutTerminator(ReadSpecial());
                    break;
                case 'g' or 'V' or 'N':
                    // Defaults for all entries (git writes a comment there), a volume's label, an obsolete list of names: as
                    // Docker, nothing to unpack.
                    break;
                case 'M':
                    throw new TarException("multi-volume archives are not supported");
                default:
                    return ReadEntry(header, pax, longName, longLink);
            }
        }
    }

    /// <summary>Reads content of the current entry; for a sparse file its segments one after the other. 0 at its end.</summary>
    public int ReadContent(Span<byte> buffer)
    {
        if (buffer.Length > _remaining)
        {
            buffer = buffer[..(int)_remaining];
        }

        if (buffer.IsEmpty)
        {
            return 0;
        }

        var read = source.Read(buffer);
        _remaining -= read > 0 ? read : throw new TarException("unexpected EOF");
        return read;
    }

    /// <summary>Fills the buffer with content of the current entry.</summary>
    /// <exception cref="TarException">There is not so much.</exception>
    public void ReadContentExactly(Span<byte> buffer)
    {
        for (var filled = 0; filled < buffer.Length;)
        {
            var count = ReadContent(buffer[filled..]);
            filled += count > 0 ? count : throw new TarException("unexpected EOF");
        }
    }

    private TarEntry ReadEntry(TarHeader header, PaxRecords pax, byte[]? longName, byte[]? longLink)
    {
        var name = NotEmpty(pax.Get("path")) ?? longName ?? header.Name();
        var type = TypeOf(header.Type, name);
        if (NotEmpty(pax.Get("size")) is { } size)
        {
            Begin(TarNumber.ParseDecimal(size));
        }

        if (type is not TarEntryType.File && header.Type != 'D')
        {
            // A size here says nothing: no content follows.
            Begin(0);
        }

        var entry = new TarEntry
        {
            Name = name,
            Type = type,
            LinkName = NotEmpty(pax.Get("linkpath")) ?? longLink ?? header.LinkName.ToArray(),
            Mode = header.Mode,
            User = NotEmpty(pax.Get("uid")) is { } user ? TarHeader.Id(TarNumber.ParseDecimal(user)) : header.User,
            Group = NotEmpty(pax.Get("gid")) is { } group ? TarHeader.Id(TarNumber.ParseDecimal(group)) : header.Group,
            Modified = NotEmpty(pax.Get("mtime")) is { } time ? TarNumber.ParseTime(time) : new FileTime(header.Modified, 0),
            Size = _remaining,
            DeviceMajor = type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice ? header.DeviceMajor : 0,
            DeviceMinor = type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice ? header.DeviceMinor : 0,
            Attributes = pax.Attributes,
        };
        return type is TarEntryType.File ? WithSparseMap(entry, header, pax) : entry;
    }

    private TarEntry WithSparseMap(TarEntry entry, TarHeader header, PaxRecords pax)
    {
        List<SparseSegment> segments;
        long size;
        if (header.Type == 'S')
        {
            size = header.SparseSize;
            segments = SparseMap.ReadBinary(_block, ReadRawBlock);
        }
        else if (pax.Get("GNU.sparse.major") is [(byte)'1'])
        {
            size = TarNumber.ParseDecimal(pax.Get("GNU.sparse.realsize") ?? throw new TarException("invalid tar header"));
            segments = SparseMap.ReadText(ReadContentBlock);
        }
        else if ((pax.Get("GNU.sparse.size") ?? pax.Get("GNU.sparse.realsize")) is { } realSize)
        {
            size = TarNumber.ParseDecimal(realSize);
            segments = pax.Get("GNU.sparse.map") is { } map ? SparseMap.ParseList(map) : [.. pax.Segments];
        }
        else
        {
            return entry;
        }

        return entry with
        {
            Name = NotEmpty(pax.Get("GNU.sparse.name")) ?? entry.Name,
            Size = size,
            Segments = SparseMap.Validate(segments, size, _remaining),
        };
    }

    private static TarEntryType TypeOf(char type, byte[] name) => type switch
    {
        '1' => TarEntryType.HardLink,
        '2' => TarEntryType.SymbolicLink,
        '3' => TarEntryType.CharacterDevice,
        '4' => TarEntryType.BlockDevice,
        '5' or 'D' => TarEntryType.Directory,
        '6' => TarEntryType.Fifo,

        // v7 has no directories, only names that end in a slash.
        '0' or '\0' => name is [.., (byte)'/'] ? TarEntryType.Directory : TarEntryType.File,
        'S' or '7' => TarEntryType.File,
        _ => throw new TarException($"unknown entry type '{type}'"),
    };

    private static byte[]? NotEmpty(byte[]? value) => value is { Length: > 0 } ? value : null;

    private static byte[] WithoutTerminator(byte[] text) => Array.IndexOf(text, (byte)0) is >= 0 and var end ? text[..end] : text;

    private void Begin(long size)
    {
        _remaining = size;
        _padding = (int)(-size & (TarHeader.BlockSize - 1));
    }

    private byte[] ReadSpecial()
    {
        if (_remaining > SpecialSizeMax)
        {
            throw new TarException("header field too long");
        }

        var content = new byte[_remaining];
        ReadContentExactly(content);
        return content;
    }

    // Of the content: the map counts towards the size of the entry.
    private ReadOnlyMemory<byte> ReadContentBlock()
    {
        if (_remaining < TarHeader.BlockSize)
        {
            throw new TarException("invalid tar header");
        }

        ReadContentExactly(_block);
        return _block;
    }

    // Between header and content: does not count.
    private ReadOnlyMemory<byte> ReadRawBlock()
    {
        var block = new byte[TarHeader.BlockSize];
        return source.ReadAtLeast(block, block.Length, throwOnEndOfStream: false) == block.Length
            ? block
            : throw new TarException("unexpected EOF");
    }

    private void SkipContent()
    {
        Span<byte> scrap = stackalloc byte[4096];
        for (var left = _remaining + _padding; left > 0;)
        {
            var read = source.Read(scrap[..(int)Math.Min(left, scrap.Length)]);
            if (read == 0)
            {
                // The last block of an archive may lack its padding.
                _ = left <= _padding ? 0 : throw new TarException("unexpected EOF");
                break;
            }

            left -= read;
        }

        (_remaining, _padding) = (0, 0);
    }

    // An archive ends with two blocks of zeros; where it just stops after an entry, that is its end too.
    private bool TryReadHeader()
    {
        var read = source.ReadAtLeast(_block, _block.Length, throwOnEndOfStream: false);
        if (read == 0)
        {
            return false;
        }

        if (read < _block.Length)
        {
            throw new TarException("unexpected EOF");
        }

        if (_block.AsSpan().ContainsAnyExcept((byte)0))
        {
            return true;
        }

        read = source.ReadAtLeast(_block, _block.Length, throwOnEndOfStream: false);
        return read == _block.Length && _block.AsSpan().ContainsAnyExcept((byte)0) ? throw new TarException("invalid tar header") : false;
    }
}
