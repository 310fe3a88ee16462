namespace Berth.Archives.Tar;

/// <summary>The fixed fields of a header block (POSIX ustar, the older v7, and GNU's variant).</summary>
public readonly ref struct TarHeader
{
    public const int BlockSize = 512;

    private readonly ReadOnlySpan<byte> _block;

    /// <exception cref="TarException">The checksum does not match: this is no header.</exception>
    public TarHeader(ReadOnlySpan<byte> block)
    {
        _block = block;
        var expected = TarNumber.Parse(block.Slice(148, 8));
        long unsigned = 0;
        long signed = 0;
        for (var i = 0; i < BlockSize; i++)
        {
            // The sum counts its own field as blanks. Some old programs summed signed bytes.
            var b = i is >= 148 and < 156 ? (byte)' ' : block[i];
            unsigned += b;
            signed += (sbyte)b;
        }

        if (expected != unsigned && expected != signed)
        {
            throw new TarException("invalid tar header");
        }
    }

    public char Type => (char)_block[156];

    public long Size => TarNumber.Parse(_block.Slice(124, 12)) is >= 0 and var size ? size : throw new TarException("invalid tar header");

    public uint Mode => (uint)TarNumber.Parse(_block.Slice(100, 8)) & 0xFFF;

    public uint User => Id(_block.Slice(108, 8));

    public uint Group => Id(_block.Slice(116, 8));

    public long Modified => TarNumber.Parse(_block.Slice(136, 12));

    public ReadOnlySpan<byte> LinkName => Text(_block.Slice(157, 100));

    public uint DeviceMajor => IsExtended ? (uint)TarNumber.Parse(_block.Slice(329, 8)) : 0;

    public uint DeviceMinor => IsExtended ? (uint)TarNumber.Parse(_block.Slice(337, 8)) : 0;

    /// <summary>The real length of a sparse file in GNU's old format.</summary>
    public long SparseSize => TarNumber.Parse(_block.Slice(483, 12));

    private bool IsExtended => _block.Slice(257, 5).SequenceEqual("ustar"u8);

    // "ustar\0" is POSIX's; GNU's own "ustar  " uses the place of the prefix for other things.
    private bool HasPrefix => _block.Slice(257, 6).SequenceEqual("ustar\0"u8);

    public byte[] Name()
    {
        var name = Text(_block[..100]);
        var prefix = HasPrefix ? Text(_block.Slice(345, 155)) : [];
        return prefix.IsEmpty ? name.ToArray() : [.. prefix, (byte)'/', .. name];
    }

    public static uint Id(long value) => value is >= 0 and <= uint.MaxValue ? (uint)value : throw new TarException("invalid tar header");

    private static uint Id(ReadOnlySpan<byte> field) => Id(TarNumber.Parse(field));

    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> field) =>
        field.IndexOf((byte)0) is >= 0 and var end ? field[..end] : field;
}
