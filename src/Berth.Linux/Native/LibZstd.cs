using System.Runtime.InteropServices;

namespace Berth.Linux.Native;

/// <summary>Streaming decompression of libzstd (zstd.h); loaded at the first call, so that a machine without it can do everything else.</summary>
internal static unsafe partial class LibZstd
{
    private const string Library = "libzstd.so.1";

    [LibraryImport(Library)]
    internal static partial nint ZSTD_createDStream();

    /// <summary>A parameter whose value zstd.h promises to keep; the header comes with a package of its own.</summary>
    [Abi(Undeclared = true)]
    internal const int ZSTD_d_windowLogMax = 100;

    [LibraryImport(Library)]
    internal static partial nuint ZSTD_DCtx_setParameter(nint stream, int parameter, int value);

    [LibraryImport(Library)]
    internal static partial nuint ZSTD_freeDStream(nint stream);

    [LibraryImport(Library)]
    internal static partial nuint ZSTD_decompressStream(nint stream, ZSTD_outBuffer* output, ZSTD_inBuffer* input);

    [LibraryImport(Library)]
    internal static partial uint ZSTD_isError(nuint code);

    [LibraryImport(Library)]
    internal static partial byte* ZSTD_getErrorName(nuint code);

    [Abi(Undeclared = true)]
    internal struct ZSTD_inBuffer
    {
        internal byte* src;
        internal nuint size;
        internal nuint pos;
    }

    [Abi(Undeclared = true)]
    internal struct ZSTD_outBuffer
    {
        internal byte* dst;
        internal nuint size;
        internal nuint pos;
    }
}
