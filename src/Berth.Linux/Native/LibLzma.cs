using System.Runtime.InteropServices;

namespace Berth.Linux.Native;

/// <summary>Streaming decompression of liblzma (lzma.h, whose package only developers have); loaded at the first call.</summary>
internal static unsafe partial class LibLzma
{
    private const string Library = "liblzma.so.5";

    [Abi(Undeclared = true)]
    internal const uint LZMA_CONCATENATED = 0x08;

    [Abi(Undeclared = true)]
    internal const int LZMA_RUN = 0;

    [Abi(Undeclared = true)]
    internal const int LZMA_FINISH = 3;

    [Abi(Undeclared = true)]
    internal const int LZMA_OK = 0;

    [Abi(Undeclared = true)]
    internal const int LZMA_STREAM_END = 1;

    [Abi(Undeclared = true)]
    internal const int LZMA_MEM_ERROR = 5;

    [Abi(Undeclared = true)]
    internal const int LZMA_MEMLIMIT_ERROR = 6;

    [Abi(Undeclared = true)]
    internal const int LZMA_FORMAT_ERROR = 7;

    [Abi(Undeclared = true)]
    internal const int LZMA_OPTIONS_ERROR = 8;

    [Abi(Undeclared = true)]
    internal const int LZMA_BUF_ERROR = 10;

    [LibraryImport(Library)]
    internal static partial int lzma_stream_decoder(lzma_stream* stream, ulong memlimit, uint flags);

    [LibraryImport(Library)]
    internal static partial int lzma_code(lzma_stream* stream, int action);

    [LibraryImport(Library)]
    internal static partial void lzma_end(lzma_stream* stream);

    [Abi(Undeclared = true)]
    internal struct lzma_stream
    {
        internal byte* next_in;
        internal nuint avail_in;
        internal ulong total_in;
        internal byte* next_out;
        internal nuint avail_out;
        internal ulong total_out;
        internal void* allocator;
        internal void* @internal;
        internal fixed ulong reserved[9];
    }
}
