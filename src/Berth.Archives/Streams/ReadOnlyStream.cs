using Berth.Linux.Files;

namespace Berth.Archives.Streams;

/// <summary>The members that a stream must have and that one for reading forward only refuses.</summary>
public abstract class ReadOnlyStream : SequentialStream
{
    public sealed override bool CanRead => true;

    public sealed override bool CanWrite => false;

    public abstract override int Read(Span<byte> buffer);
}
