using System.Net.WebSockets;
using Berth.Linux.Files;

namespace Berth.Daemon.Server;

/// <summary>A WebSocket as a stream of bytes: what the messages hold, one after the other; each write is a binary message.</summary>
sealed class WebSocketStream(WebSocket socket) : SequentialStream
{
    private readonly byte[] _buffer = new byte[8192];
    private Task<ValueWebSocketReceiveResult>? _receiving;
    private ReadOnlyMemory<byte> _received;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    /// <summary>0 when the client has closed its side. Cancelled, it only stops waiting: a socket whose receiving is cancelled is lost.</summary>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            while (_received.IsEmpty)
            {
                _receiving ??= socket.ReceiveAsync(_buffer.AsMemory(), CancellationToken.None).AsTask();
                var received = await _receiving.WaitAsync(cancellationToken);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    return 0;
                }

                _receiving = null;
                _received = _buffer.AsMemory(0, received.Count);
            }
        }
        catch (WebSocketException)
        {
            // It went away without a word.
            return 0;
        }

        var taken = _received[..Math.Min(buffer.Length, _received.Length)];
        taken.CopyTo(buffer);
        _received = _received[taken.Length..];
        return taken.Length;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await socket.SendAsync(buffer, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
        }
        catch (WebSocketException e)
        {
            throw new IOException("the client is gone", e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
