using System.Net;
using System.Net.Http.Headers;

namespace Berth.Images.Registry;

/// <summary>A part of a blob on its way to a registry.</summary>
internal sealed class UploadContent : HttpContent
{
    private const int BlockSize = 128 << 10;

    private readonly Stream _content;
    private readonly long _start;
    private readonly long _length;
    private readonly Action<long> _sent;

    /// <param name="content">Positioned at its first byte.</param>
    /// <param name="sent">Told how many bytes of the part are gone, each time that some are.</param>
    public UploadContent(Stream content, long length, Action<long> sent)
    {
        _content = content;
        _start = content.Position;
        _length = length;
        _sent = sent;
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // A proxy that asks who is there gets it twice.
        _content.Position = _start;
        var buffer = new byte[BlockSize];
        for (long done = 0; done < _length;)
        {
            var count = await _content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(BlockSize, _length - done)), cancellationToken);
            if (count == 0)
            {
                throw new IOException("the blob is shorter than it was");
            }

            await stream.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            done += count;
            _sent(done);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
        }

        base.Dispose(disposing);
    }
}
