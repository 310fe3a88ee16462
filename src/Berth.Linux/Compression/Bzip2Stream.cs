using Berth.Linux.Native;

namespace Berth.Linux.Compression;

/// <summary>Decompresses bzip2 (one stream or several behind each other) with the system's libbz2, which must be installed.</summary>
public sealed unsafe class Bzip2Stream : DecoderStream
{
    private readonly DecoderState<LibBz2.bz_stream> _state = new(&End);
    private bool _isBetween;

    /// <param name="source">The compressed stream; disposed with this one.</param>
    /// <exception cref="DllNotFoundException">libbz2.so.1.0 is not installed.</exception>
    public Bzip2Stream(Stream source)
        : base("bzip2", source)
    {
        try
        {
            Check(LibBz2.BZ2_bzDecompressInit(_state.Pointer, 0, 0));
        }
        catch
        {
            _state.Dispose();
            throw;
        }
    }

    protected override bool IsComplete => _isBetween;

    protected override (int Used, int Produced) Decode(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var decoder = _state.Pointer;
        if (input.IsEmpty && _isBetween)
        {
            return default;
        }

        if (_isBetween)
        {
            _ = LibBz2.BZ2_bzDecompressEnd(decoder);
            Check(LibBz2.BZ2_bzDecompressInit(decoder, 0, 0));
        }

        fixed (byte* source = input)
        fixed (byte* destination = output)
        {
            decoder->next_in = source;
            decoder->avail_in = (uint)input.Length;
            decoder->next_out = destination;
            decoder->avail_out = (uint)output.Length;
            var result = LibBz2.BZ2_bzDecompress(decoder);
            _isBetween = result == LibBz2.BZ_STREAM_END;
            if (!_isBetween)
            {
                Check(result);
            }

            return (input.Length - (int)decoder->avail_in, output.Length - (int)decoder->avail_out);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _state.Dispose();
        }

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

    private static void End(LibBz2.bz_stream* decoder) => _ = LibBz2.BZ2_bzDecompressEnd(decoder);
}
