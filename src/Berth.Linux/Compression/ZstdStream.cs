using System.Runtime.InteropServices;
using Berth.Linux.Files;
using Berth.Linux.Native;

namespace Berth.Linux.Compression;

/// <summary>Decompresses Zstandard (RFC 8878) with the system's libzstd, which must be installed.</summary>
public sealed unsafe class ZstdStream : SequentialStream
{
    // What a frame may make the decoder keep in memory, as a power of two: 32 MB, which is what the registries' own tools use at
    // their highest levels. The library's default of 128 MB for each of several layers at once is more than a daemon should need.
    private const int WindowLogMax = 25;

    private const int InputSize = 128 * 1024;

    private readonly Stream _source;
    private readonly byte[] _input = new byte[InputSize];
    private readonly DecoderHandle _decoder;
    private int _inputLength;
    private int _inputUsed;
    private bool _insideFrame;

    /// <param name="source">The compressed stream; disposed with this one.</param>
    /// <exception cref="DllNotFoundException">libzstd.so.1 is not installed.</exception>
    public ZstdStream(Stream source)
    {
        _source = source;
        _decoder = new DecoderHandle(LibZstd.ZSTD_createDStream());
        if (_decoder.IsInvalid)
        {
            throw new InsufficientMemoryException("zstd: no memory for a decoder");
        }

        Check(LibZstd.ZSTD_DCtx_setParameter(_decoder.DangerousGetHandle(), LibZstd.ZSTD_d_windowLogMax, WindowLogMax));
    }

    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override int Read(Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (_inputUsed == _inputLength)
            {
                (_inputLength, _inputUsed) = (_source.Read(_input), 0);
            }

            var ended = _inputLength == 0;
            var produced = Decompress(buffer);
            if (produced > 0)
            {
                return produced;
            }

            if (ended)
            {
                return _insideFrame ? throw new InvalidDataException("zstd: unexpected EOF") : 0;
            }
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _decoder.Dispose();
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Decompress(Span<byte> buffer)
    {
        fixed (byte* source = _input)
        fixed (byte* destination = buffer)
        {
            var input = new LibZstd.ZSTD_inBuffer { src = source, size = (nuint)_inputLength, pos = (nuint)_inputUsed };
            var output = new LibZstd.ZSTD_outBuffer { dst = destination, size = (nuint)buffer.Length };
            var result = LibZstd.ZSTD_decompressStream(_decoder.DangerousGetHandle(), &output, &input);
            Check(result);

            // 0: a frame is complete. Another may follow, or the end. Called with nothing at hand it only asks for more.
            _insideFrame = _inputLength == 0 ? _insideFrame : result != 0;
            _inputUsed = (int)input.pos;
            return (int)output.pos;
        }
    }

    private static void Check(nuint result)
    {
        if (LibZstd.ZSTD_isError(result) != 0)
        {
            throw new InvalidDataException($"zstd: {Marshal.PtrToStringUTF8((nint)LibZstd.ZSTD_getErrorName(result))}");
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
