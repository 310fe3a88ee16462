using System.Buffers.Binary;
using System.IO.Compression;
using Berth.Linux.Compression;

namespace Berth.Archives.Streams;

public enum Compression
{
    None,
    Gzip,
    Zstd,
    Bzip2,
    Xz,
}

/// <summary>Tells by the first bytes how a stream is compressed, and undoes it.</summary>
public static class Decompression
{
    public const int MagicLength = 6;

    public static Compression Detect(ReadOnlySpan<byte> start) => start switch
    {
        [0x1F, 0x8B, ..] => Compression.Gzip,
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Compression.Zstd,
        [(byte)'B', (byte)'Z', (byte)'h', ..] => Compression.Bzip2,
        [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => Compression.Xz,

        // A zstd stream may begin with a frame to be skipped (RFC 8878, 3.1.2).
        [_, _, _, _, ..] when (BinaryPrimitives.ReadUInt32LittleEndian(start) & 0xFFFFFFF0) == 0x184D2A50 => Compression.Zstd,
        _ => Compression.None,
    };

    /// <exception cref="ArchiveException">What is needed for it is not installed, or nothing here reads it.</exception>
    public static Stream Open(PeekStream source, Compression compression)
    {
        try
        {
            return compression switch
            {
                Compression.None => source,
                Compression.Gzip => new GZipStream(source, CompressionMode.Decompress),
                Compression.Zstd => new ZstdStream(source),
                _ => throw new ArchiveException($"{compression} compression is not supported: use gzip, zstd or none"),
            };
        }
        catch (DllNotFoundException e)
        {
            throw new ArchiveException("zstd compression needs libzstd.so.1, which is not installed (Debian: apt install libzstd1)", e);
        }
    }
}
