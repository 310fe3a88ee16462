using Berth.Linux.Files;

namespace Berth.Linux.Compression;

/// <summary>What one of the system's decoders makes of a compressed stream, which is disposed with this one.</summary>
/// <param name="name">The format, for messages.</param>
/// <param name="source">The compressed stream.</param>
public abstract class DecoderStream(string name, Stream source) : SequentialStream
{
    private const int InputSize = 128 * 1024;

    private readonly byte[] _input = new byte[InputSize];
    private int _inputLength;
    private int _inputUsed;
    private bool _hasEnded;

    public sealed override bool CanRead => true;

    public sealed override bool CanWrite => false;

    /// <summary>Whether the compressed stream may end here.</summary>
    protected abstract bool IsComplete { get; }

    public sealed override int Read(Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (_inputUsed == _inputLength && !_hasEnded)
            {
                (_inputLength, _inputUsed) = (source.Read(_input), 0);
                _hasEnded = _inputLength == 0;
            }

            var (used, produced) = Decode(_input.AsSpan(_inputUsed, _inputLength - _inputUsed), buffer);
            _inputUsed += used;
            if (produced > 0)
            {
                return produced;
            }

            if (_hasEnded)
            {
                return IsComplete ? 0 : throw Broken("unexpected EOF");
            }
        }

        return 0;
    }

    /// <summary>Goes on as far as input and room reach.</summary>
    /// <param name="input">What comes next; empty at the end of the compressed stream.</param>
    /// <param name="output">Never empty.</param>
    /// <exception cref="InvalidDataException">This is not the format, or more memory is needed than it may have.</exception>
    protected abstract (int Used, int Produced) Decode(ReadOnlySpan<byte> input, Span<byte> output);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
        }

        base.Dispose(disposing);
    }

    protected InvalidDataException Broken(string why) => new($"{name}: {why}");
}
