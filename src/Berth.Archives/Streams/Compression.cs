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

    /// <exception cref="ArchiveException">The library for it is not installed.</exception>
    public static Stream Open(PeekStream source, Compression compression)
    {
        try
        {
            return compression switch
            {
                Compression.Gzip => new GZipStream(source, CompressionMode.Decompress),
                Compression.Zstd => new ZstdStream(source),
                Compression.Bzip2 => new Bzip2Stream(source),
                Compression.Xz => new XzStream(source),
                _ => source,
            };
        }
        catch (DllNotFoundException e)
        {
            var (library, package) = compression switch
            {
                Compression.Zstd => ("libzstd.so.1", "libzstd1"),
                Compression.Bzip2 => ("libbz2.so.1.0", "libbz2-1.0"),
                _ => ("liblzma.so.5", "liblzma5"),
            };
            throw new ArchiveException($"{compression} compression needs {library}, which is not installed (Debian: apt install {package})", e);
        }
    }
}
