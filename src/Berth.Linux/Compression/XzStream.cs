using Berth.Linux.Native;

namespace Berth.Linux.Compression;

/// <summary>Decompresses .xz (one stream or several behind each other) with the system's liblzma, which must be installed.</summary>
public sealed unsafe class XzStream : DecoderStream
{
    /// <summary>The dictionary of the highest level has 64 MB.</summary>
    private const ulong MostMemory = 80 << 20;

    private readonly DecoderState<LibLzma.lzma_stream> _state = new(&End);
    private bool _isComplete;

    /// <param name="source">The compressed stream; disposed with this one.</param>
    /// <exception cref="DllNotFoundException">liblzma.so.5 is not installed.</exception>
    public XzStream(Stream source)
        : base("xz", source)
    {
        try
        {
            Check(LibLzma.lzma_stream_decoder(_state.Pointer, MostMemory, LibLzma.LZMA_CONCATENATED));
        }
        catch
        {
            _state.Dispose();
            throw;
        }
    }

    protected override bool IsComplete => _isComplete;

    protected override (int Used, int Produced) Decode(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var decoder = _state.Pointer;
        if (_isComplete)
        {
            return default;
        }

        fixed (byte* source = input)
        fixed (byte* destination = output)
        {
            decoder->next_in = source;
            decoder->avail_in = (nuint)input.Length;
            decoder->next_out = destination;
            decoder->avail_out = (nuint)output.Length;
            var result = LibLzma.lzma_code(decoder, input.IsEmpty ? LibLzma.LZMA_FINISH : LibLzma.LZMA_RUN);
            _isComplete = result == LibLzma.LZMA_STREAM_END;

            // No way forward: at the end of a stream that was cut off.
            if (!_isComplete && result != LibLzma.LZMA_BUF_ERROR)
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
        if (result != LibLzma.LZMA_OK)
        {
            throw Broken(result switch
            {
                LibLzma.LZMA_MEM_ERROR => "no memory for a decoder",
                LibLzma.LZMA_MEMLIMIT_ERROR => $"its dictionary needs more than {MostMemory >> 20} MB of memory",
                LibLzma.LZMA_FORMAT_ERROR => "not in this format",
                LibLzma.LZMA_OPTIONS_ERROR => "made with options that liblzma does not know",
                _ => "compressed data is corrupt",
            });
        }
    }

    private static void End(LibLzma.lzma_stream* decoder) => LibLzma.lzma_end(decoder);
}
