using Berth.Archives.Streams;

namespace Berth.Images.Streams;

/// <summary>Tells how much of a stream was read.</summary>
/// <param name="progress">Told how many bytes that are by now, each time that some were.</param>
internal sealed class WatchedStream(Stream source, Action<long> progress) : ReadOnlyStream
{
    private long _done;

    public override int Read(Span<byte> buffer)
    {
        var count = source.Read(buffer);
        if (count > 0)
        {
            _done += count;
            progress(_done);
        }

        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
        }

        base.Dispose(disposing);
    }
}
