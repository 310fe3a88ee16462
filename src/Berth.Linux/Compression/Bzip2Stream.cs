using System.Runtime.InteropServices;
using Berth.Linux.Native;

namespace Berth.Linux.Compression;

/// <summary>Decompresses bzip2 (one stream or several behind each other) with the system's libbz2, which must be installed.</summary>
public sealed unsafe class Bzip2Stream : DecoderStream
{
    /// <summary>The library keeps its address.</summary>
    private LibBz2.bz_stream* _decoder;

    private bool _isBetween;

    /// <param name="source">The compressed stream; disposed with this one.</param>
    /// <exception cref="DllNotFoundException">libbz2.so.1.0 is not installed.</exception>
    public Bzip2Stream(Stream source)
        : base("bzip2", source)
    {
        _decoder = (LibBz2.bz_stream*)NativeMemory.AllocZeroed((nuint)sizeof(LibBz2.bz_stream));
        try
        {
            Check(LibBz2.BZ2_bzDecompressInit(_decoder, 0, 0));
        }
        catch
        {
            Release();
            throw;
        }
    }

    ~Bzip2Stream() => Dispose(false);

    protected override bool IsComplete => _isBetween;

    protected override (int Used, int Produced) Decode(ReadOnlySpan<byte> input, Span<byte> output)
    {
        ObjectDisposedException.ThrowIf(_decoder is null, this);
        if (input.IsEmpty && _isBetween)
        {
            return default;
        }

        if (_isBetween)
        {
            _ = LibBz2.BZ2_bzDecompressEnd(_decoder);
            Check(LibBz2.BZ2_bzDecompressInit(_decoder, 0, 0));
        }

        fixed (byte* source = input)
        fixed (byte* destination = output)
        {
            _decoder->next_in = source;
            _decoder->avail_in = (uint)input.Length;
            _decoder->next_out = destination;
            _decoder->avail_out = (uint)output.Length;
            var result = LibBz2.BZ2_bzDecompress(_decoder);
            _isBetween = result == LibBz2.BZ_STREAM_END;
            if (!_isBetween)
            {
                Check(result);
            }

            return (input.Length - (int)_decoder->avail_in, output.Length - (int)_decoder->avail_out);
        }
    }

    protected override void Dispose(bool disposing)
    {
        Release();
        base.Dispose(disposing);
    }

    private void Check(int result)
    {
        if (result != LibBz2.BZ_OK)
        {
            throw Broken(result switch
            {
                LibBz2.BZ_MEM_ERROR => "no memory for a decoder",
                LibBz2.BZ_DATA_ERROR_MAGIC => "not in this format",
                _ => "compressed data is corrupt",
            });
        }
    }

    private void Release()
    {
        if (_decoder is not null)
        {
            _ = LibBz2.BZ2_bzDecompressEnd(_decoder);
            NativeMemory.Free(_decoder);
            _decoder = null;
        }
    }
}
