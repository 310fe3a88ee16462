using System.Runtime.InteropServices;
using Berth.Linux.Native;

namespace Berth.Linux.Compression;

/// <summary>Decompresses .xz (one stream or several behind each other) with the system's liblzma, which must be installed.</summary>
public sealed unsafe class XzStream : DecoderStream
{
    /// <summary>The dictionary of the highest level has 64 MB.</summary>
    private const ulong MostMemory = 80 << 20;

    /// <summary>The library keeps its address.</summary>
    private LibLzma.lzma_stream* _decoder;

    private bool _isComplete;

    /// <param name="source">The compressed stream; disposed with this one.</param>
    /// <exception cref="DllNotFoundException">liblzma.so.5 is not installed.</exception>
    public XzStream(Stream source)
        : base("xz", source)
    {
        _decoder = (LibLzma.lzma_stream*)NativeMemory.AllocZeroed((nuint)sizeof(LibLzma.lzma_stream));
        try
        {
            Check(LibLzma.lzma_stream_decoder(_decoder, MostMemory, LibLzma.LZMA_CONCATENATED));
        }
        catch
        {
            Release();
            throw;
        }
    }

    ~XzStream() => Dispose(false);

    protected override bool IsComplete => _isComplete;

    protected override (int Used, int Produced) Decode(ReadOnlySpan<byte> input, Span<byte> output)
    {
        ObjectDisposedException.ThrowIf(_decoder is null, this);
        if (_isComplete)
        {
            return default;
        }

        fixed (byte* source = input)
        fixed (byte* destination = output)
        {
            _decoder->next_in = source;
            _decoder->avail_in = (nuint)input.Length;
            _decoder->next_out = destination;
            _decoder->avail_out = (nuint)output.Length;
            var result = LibLzma.lzma_code(_decoder, input.IsEmpty ? LibLzma.LZMA_FINISH : LibLzma.LZMA_RUN);
            _isComplete = result == LibLzma.LZMA_STREAM_END;

            // No way forward: at the end of a stream that was cut off.
            if (!_isComplete && result != LibLzma.LZMA_BUF_ERROR)
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

    private void Release()
    {
        if (_decoder is not null)
        {
            LibLzma.lzma_end(_decoder);
            NativeMemory.Free(_decoder);
            _decoder = null;
        }
    }
}
