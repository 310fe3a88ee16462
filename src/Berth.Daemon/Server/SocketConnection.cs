using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Berth.Daemon.Server;

/// <summary>A client's socket as a pair of pipes, each filled or emptied by a loop of its own.</summary>
/// <remarks>The end of what the client sends is the end of the input, and cancels <see cref="ConnectionClosed"/>; the output goes on.</remarks>
sealed class SocketConnection : ConnectionContext, IConnectionSocketFeature, IConnectionIdFeature, IConnectionItemsFeature, IConnectionTransportFeature,
    IMemoryPoolFeature
{
    private const int LeastRead = 4096;
    private const long InputMax = 1 << 20;
    private const long OutputMax = 256 * 1024;

    private static long _count;

    private readonly CancellationTokenSource _closed = new();
    private readonly PipeWriter _input;
    private readonly PipeReader _output;
    private readonly Lock _gate = new();
    private Task _receiving = Task.CompletedTask;
    private Task _sending = Task.CompletedTask;
    private ConnectionAbortedException? _aborted;
    private bool _shut;

    private SocketConnection(Socket socket, MemoryPool<byte> pool)
    {
        MemoryPool = pool;
        Socket = socket;
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
        var input = new Pipe(new PipeOptions(
            pool, pauseWriterThreshold: InputMax, resumeWriterThreshold: InputMax / 2, useSynchronizationContext: false));

        // Whoever writes an answer sends it, too: to wake another thread for that takes longer than to send most of them.
        var output = new Pipe(new PipeOptions(
            pool, readerScheduler: PipeScheduler.Inline, pauseWriterThreshold: OutputMax, resumeWriterThreshold: OutputMax / 2, useSynchronizationContext: false));
        (_input, _output) = (input.Writer, output.Reader);
        Transport = new DuplexPipe(input.Reader, output.Writer);
        ConnectionClosed = _closed.Token;
        Features.Set<IConnectionSocketFeature>(this);
        Features.Set<IConnectionIdFeature>(this);
        Features.Set<IConnectionItemsFeature>(this);
        Features.Set<IConnectionTransportFeature>(this);
        Features.Set<IMemoryPoolFeature>(this);
    }

    public Socket Socket { get; }

    /// <summary>Kestrel's own pipes take their memory there, too.</summary>
    public MemoryPool<byte> MemoryPool { get; }

    public override string ConnectionId { get; set; } = Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture);

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new ConnectionItems();

    public override IDuplexPipe Transport { get; set; }

    public override CancellationToken ConnectionClosed { get; set; }

    public override EndPoint? LocalEndPoint { get; set; }

    public override EndPoint? RemoteEndPoint { get; set; }

    public static SocketConnection Start(Socket socket, MemoryPool<byte> pool)
    {
        var connection = new SocketConnection(socket, pool);
        connection._receiving = connection.ReceiveAsync();
        connection._sending = connection.SendAsync();
        return connection;
    }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        _aborted ??= abortReason;
        Shut();
        _output.CancelPendingRead();
    }

    /// <summary>Returns when what was written is sent, or cannot be.</summary>
    public override async ValueTask DisposeAsync()
    {
        await Transport.Input.CompleteAsync();
        await Transport.Output.CompleteAsync();
        await _sending;
        Shut();
        await _receiving;
        _closed.Dispose();
        await base.DisposeAsync();
    }

    private async Task ReceiveAsync()
    {
        try
        {
            for (var more = false; ;)
            {
                if (!more)
                {
                    // Waits without a buffer.
                    await Socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None);
                }

                var memory = _input.GetMemory(LeastRead);
                var count = await Socket.ReceiveAsync(memory, SocketFlags.None);
                if (count == 0)
                {
                    break;
                }

                more = count == memory.Length;
                _input.Advance(count);
                if (await _input.FlushAsync() is { IsCompleted: true } or { IsCanceled: true })
                {
                    break;
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Reset by the client, which so ends what it sends without taking back what came before (a pipe that is completed with
            // an error would); or shut by the sender or an abort.
        }

        await _input.CompleteAsync(_aborted);
        await _closed.CancelAsync();
    }

    private async Task SendAsync()
    {
        try
        {
            while (true)
            {
                var result = await _output.ReadAsync();
                if (result.IsCanceled)
                {
                    break;
                }

                foreach (var segment in result.Buffer)
                {
                    for (var rest = segment; !rest.IsEmpty;)
                    {
                        rest = rest[await Socket.SendAsync(rest, SocketFlags.None)..];
                    }
                }

                _output.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    break;
                }
            }

            Shut();

            // The receiver may wait for room.
            _input.CancelPendingFlush();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The client is gone: whoever writes more is told by the end of the reader. What it sent before is still received.
        }

        await _output.CompleteAsync();
    }

    private void Shut()
    {
        lock (_gate)
        {
            if (_shut)
            {
                return;
            }

            _shut = true;
            try
            {
                Socket.Shutdown(SocketShutdown.Both);
            }
            catch (SocketException)
            {
                // The client was faster.
            }

            Socket.Dispose();
        }
    }

    private sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
