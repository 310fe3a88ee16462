using System.Globalization;
using System.Text;

namespace Berth.Archives.Tar;

/// <summary>
/// Writes an archive as Docker does: ustar headers, with a PAX header before those that a field is too small for. Names and values
/// are bytes, as in <see cref="TarReader"/>.
/// </summary>
/// <param name="destination">Gets blocks of any size; it should gather small ones.</param>
public sealed class TarWriter(Stream destination)
{
    private const long LargestOctal7 = 0x1F_FFFF;
    private const long LargestOctal11 = 0x1_FFFF_FFFF;
    private static readonly byte[] _zeros = new byte[TarHeader.BlockSize * 2];

    private long _missing;
    private int _padding;

    /// <summary>Begins an entry; that of a file is followed by as many bytes as its size says.</summary>
    public void Write(TarEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        EndEntry();
        var name = entry.Type is TarEntryType.Directory && entry.Name is not [.., (byte)'/'] ? [.. entry.Name, (byte)'/'] : entry.Name;
        var records = PaxRecordsOf(entry, name);
        if (records.Length > 0)
        {
            WriteHeader(entry with { Size = records.Length, Mode = 0x1A4 /* 0644 */, User = 0, Group = 0, LinkName = [] }, "PaxHeaders.0/x"u8, 'x');
            destination.Write(records);
            Pad(records.Length);
        }

        WriteHeader(entry, name, LetterOf(entry.Type));
        _missing = entry.Type is TarEntryType.File ? entry.Size : 0;
        _padding = (int)(-_missing & (TarHeader.BlockSize - 1));
    }

    /// <summary>Content of the current entry; never more than its size.</summary>
    public void WriteContent(ReadOnlySpan<byte> content)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, _missing, nameof(content));
        destination.Write(content);
        _missing -= content.Length;
    }

    /// <summary>All of the current entry's content at once.</summary>
    /// <param name="source">Where it is read from.</param>
    /// <param name="copy">Brings as many bytes as the destination of this archive can take from the source by its own means; throws at its end.</param>
    public void WriteContent(FileStream source, Action<FileStream, long> copy)
    {
        ArgumentNullException.ThrowIfNull(copy);
        copy(source, _missing);
        _missing = 0;
    }

    /// <summary>Ends the archive.</summary>
    public void Finish()
    {
        EndEntry();
        destination.Write(_zeros);
    }

    /// <summary>A file that became shorter while it was read is filled up: the header has told its size.</summary>
    private void EndEntry()
    {
        for (_missing += _padding, _padding = 0; _missing > 0;)
        {
            var count = (int)Math.Min(_missing, _zeros.Length);
            destination.Write(_zeros.AsSpan(0, count));
            _missing -= count;
        }
    }

    private void Pad(long length) => destination.Write(_zeros.AsSpan(0, (int)(-length & (TarHeader.BlockSize - 1))));

    private void WriteHeader(TarEntry entry, ReadOnlySpan<byte> name, char letter)
    {
        Span<byte> block = stackalloc byte[TarHeader.BlockSize];
        block.Clear();
        if (SplitName(name, out var prefixLength))
        {
            name[..prefixLength].CopyTo(block[345..]);
            name = prefixLength == 0 ? name : name[(prefixLength + 1)..];
        }

        name[..Math.Min(name.Length, 100)].CopyTo(block);
        Octal(block.Slice(100, 8), entry.Mode);
        Octal(block.Slice(108, 8), Math.Min(entry.User, LargestOctal7));
        Octal(block.Slice(116, 8), Math.Min(entry.Group, LargestOctal7));
        Octal(block.Slice(124, 12), letter is '0' or 'x' ? Math.Min(entry.Size, LargestOctal11) : 0);
        Octal(block.Slice(136, 12), Math.Clamp(entry.Modified.Seconds, 0, LargestOctal11));
        block[156] = (byte)letter;
        entry.LinkName.AsSpan(0, Math.Min(entry.LinkName.Length, 100)).CopyTo(block[157..]);
        "ustar\000"u8.CopyTo(block[257..]);
        Octal(block.Slice(329, 8), entry.DeviceMajor);
        Octal(block.Slice(337, 8), Math.Min(entry.DeviceMinor, LargestOctal7));

        // The sum counts its own field as blanks.
        var sum = 8 * ' ';
        foreach (var b in block)
        {
            sum += b;
        }

        Octal(block.Slice(148, 7), sum);
        block[155] = (byte)' ';
        destination.Write(block);
    }

    /// <summary>Where a name that is too long for its field can be cut, at a slash, so that the front fits into the prefix.</summary>
    private static bool SplitName(ReadOnlySpan<byte> name, out int prefixLength)
    {
        prefixLength = 0;
        if (name.Length <= 100)
        {
            return true;
        }

        // A trailing slash belongs to the name: the part after the cut must not be empty.
        var slash = name[..Math.Min(name.Length - 1, 156)].LastIndexOf((byte)'/');
        if (slash <= 0 || name.Length - slash - 1 > 100)
        {
            return false;
        }

        prefixLength = slash;
        return true;
    }

    private static byte[] PaxRecordsOf(TarEntry entry, byte[] name)
    {
        using var records = new MemoryStream();
        if (!SplitName(name, out _) || !Ascii.IsValid(name))
        {
            Add("path"u8, name);
        }

        if (entry.LinkName.Length > 100 || !Ascii.IsValid(entry.LinkName))
        {
            Add("linkpath"u8, entry.LinkName);
        }

        AddNumber("size"u8, entry.Size, LargestOctal11);
        AddNumber("uid"u8, entry.User, LargestOctal7);
        AddNumber("gid"u8, entry.Group, LargestOctal7);
        if (entry.Modified.Seconds is < 0 or > LargestOctal11)
        {
            Add("mtime"u8, Encoding.ASCII.GetBytes(entry.Modified.Seconds.ToString(CultureInfo.InvariantCulture)));
        }

        foreach (var (attribute, value) in entry.Attributes)
        {
            Add([.. "SCHILY.xattr."u8, .. attribute], value);
        }

        return records.ToArray();

        void AddNumber(ReadOnlySpan<byte> key, long value, long largest)
        {
            if (value > largest)
            {
                Add(key, Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)));
            }
        }

        void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
        {
            // The length counts its own digits: LENGTH KEY=VALUE\n.
            var rest = key.Length + value.Length + 3;
            var length = rest + Digits(rest);
            length = rest + Digits(length);
            records.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{length} ")));
            records.Write(key);
            records.Write("="u8);
            records.Write(value);
            records.Write("\n"u8);
        }
    }

    private static int Digits(int number) => number.ToString(CultureInfo.InvariantCulture).Length;

    /// <summary>Octal digits that fill a field but for the zero byte at its end.</summary>
    private static void Octal(Span<byte> field, long value)
    {
        for (var i = field.Length - 2; i >= 0; i--, value >>= 3)
        {
            field[i] = (byte)('0' + (value & 7));
        }
    }

    private static char LetterOf(TarEntryType type) => type switch
    {
        TarEntryType.HardLink => '1',
        TarEntryType.SymbolicLink => '2',
        TarEntryType.CharacterDevice => '3',
        TarEntryType.BlockDevice => '4',
        TarEntryType.Directory => '5',
        TarEntryType.Fifo => '6',
        _ => '0',
    };
}
