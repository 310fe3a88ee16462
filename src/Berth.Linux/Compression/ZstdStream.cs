using System.Runtime.InteropServices;
using Berth.Linux.Native;

namespace Berth.Linux.Compression;

/// <summary>Decompresses Zstandard (RFC 8878) with the system's libzstd, which must be installed.</summary>
public sealed unsafe class ZstdStream : DecoderStream
{
    // What a frame may make the decoder keep in memory, as a power of two: 32 MB, which is what the registries' own tools use at
    // their highest levels. The library's default of 128 MB for each of several layers at once is more than a daemon should need.
    private const int WindowLogMax = 25;

    private readonly DecoderHandle _decoder;
    private bool _insideFrame;

    /// <param name="source">The compressed stream; disposed with this one.</param>
    /// <exception cref="DllNotFoundException">libzstd.so.1 is not installed.</exception>
    public ZstdStream(Stream source)
        : base("zstd", source)
    {
        _decoder = new DecoderHandle(LibZstd.ZSTD_createDStream());
        if (_decoder.IsInvalid)
        {
            throw new InsufficientMemoryException("zstd: no memory for a decoder");
        }

        Check(LibZstd.ZSTD_DCtx_setParameter(_decoder.DangerousGetHandle(), LibZstd.ZSTD_d_windowLogMax, WindowLogMax));
    }

    // 0: a frame is complete. Another may follow, or the end.
    protected override bool IsComplete => !_insideFrame;

    protected override (int Used, int Produced) Decode(ReadOnlySpan<byte> input, Span<byte> output)
    {
        fixed (byte* source = input)
        fixed (byte* destination = output)
        {
            var from = new LibZstd.ZSTD_inBuffer { src = source, size = (nuint)input.Length };
            var to = new LibZstd.ZSTD_outBuffer { dst = destination, size = (nuint)output.Length };
            var result = LibZstd.ZSTD_decompressStream(_decoder.DangerousGetHandle(), &to, &from);
            Check(result);

            // Called with nothing at hand it only asks for more.
            _insideFrame = input.IsEmpty ? _insideFrame : result != 0;
            return ((int)from.pos, (int)to.pos);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _decoder.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Check(nuint result)
    {
        if (LibZstd.ZSTD_isError(result) != 0)
        {
            throw Broken(Marshal.PtrToStringUTF8((nint)LibZstd.ZSTD_getErrorName(result))!);
        }
    }

    private sealed class DecoderHandle : SafeHandle
    {
        public DecoderHandle(nint decoder)
            : base(0, ownsHandle: true) => SetHandle(decoder);

        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle() => LibZstd.ZSTD_freeDStream(handle) == 0;
    }
}
