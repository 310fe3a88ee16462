using System.Runtime.InteropServices;

namespace Berth.Linux.Native;

/// <summary>Streaming decompression of libbz2 (bzlib.h, whose package only developers have); loaded at the first call.</summary>
internal static unsafe partial class LibBz2
{
    private const string Library = "libbz2.so.1.0";

    [Abi(Undeclared = true)]
    internal const int BZ_OK = 0;

    [Abi(Undeclared = true)]
    internal const int BZ_STREAM_END = 4;

    [Abi(Undeclared = true)]
    internal const int BZ_MEM_ERROR = -3;

    [Abi(Undeclared = true)]
    internal const int BZ_DATA_ERROR_MAGIC = -5;

    [LibraryImport(Library)]
    internal static partial int BZ2_bzDecompressInit(bz_stream* stream, int verbosity, int small);

    [LibraryImport(Library)]
    internal static partial int BZ2_bzDecompress(bz_stream* stream);

    [LibraryImport(Library)]
    internal static partial int BZ2_bzDecompressEnd(bz_stream* stream);

    [Abi(Undeclared = true)]
    internal struct bz_stream
    {
        internal byte* next_in;
        internal uint avail_in;
        internal uint total_in_lo32;
        internal uint total_in_hi32;
        internal byte* next_out;
        internal uint avail_out;
        internal uint total_out_lo32;
        internal uint total_out_hi32;
        internal void* state;
        internal void* bzalloc;
        internal void* bzfree;
        internal void* opaque;
    }
}
