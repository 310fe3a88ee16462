using System.Net.Sockets;
using Berth.Linux;
using Berth.Linux.Sockets;
using Berth.Monitor;

namespace Berth.Engine.Monitors;

/// <summary>One connection to a monitor: whole frames in both directions. Reads are for one reader; writes may come from several.</summary>
internal sealed class MonitorConnection(Socket socket) : IDisposable
{
    private const string SocketName = "monitor.sock";

    private readonly FrameBuffer _received = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly byte[] _header = new byte[FrameHeader.Size];

    public static MonitorConnection Of(FileDescriptor descriptor)
    {
        var socket = new Socket(new SafeSocketHandle(descriptor.Number, ownsHandle: true));
        descriptor.SetHandleAsInvalid();
        return new MonitorConnection(socket);
    }

    /// <returns>Null where nobody listens: the monitor is gone.</returns>
    public static MonitorConnection? TryConnect(string stateDirectory) =>
        UnixSocket.TryConnect(stateDirectory, SocketName) is { } descriptor ? Of(descriptor) : null;

    /// <summary>Whether a monitor is there; it need not answer.</summary>
    public static bool IsListening(string stateDirectory)
    {
        using var connection = TryConnect(stateDirectory);
        return connection is not null;
    }

    /// <summary>The next frame, valid until the next read; null at the end, also where the monitor was killed.</summary>
    public async ValueTask<MonitorFrame?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_received.TryTake(out var header, out var bytes))
            {
                return new MonitorFrame(header.Kind, bytes);
            }

            int count;
            try
            {
                count = await socket.ReceiveAsync(_received.Free(), cancellationToken);
            }
            catch (SocketException)
            {
                return null;
            }

            if (count == 0)
            {
                return null;
            }

            _received.Received(count);
        }
    }

    /// <summary>Writes frames that are already in wire form.</summary>
    /// <exception cref="MonitorFailureException">The monitor is gone.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> frames, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await SendAsync(frames, cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Writes one frame around the payload.</summary>
    public async ValueTask WriteAsync(FrameKind kind, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            new FrameHeader(kind, payload.Length).Write(_header);
            await SendAsync(_header, cancellationToken);
            await SendAsync(payload, cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose() => socket.Dispose();

    /// <summary>Sends all or, where it is cancelled in between, ends the connection: half a frame cannot be taken back.</summary>
    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            while (bytes.Length > 0)
            {
                bytes = bytes[await socket.SendAsync(bytes, cancellationToken)..];
            }
        }
        catch (OperationCanceledException)
        {
            socket.Dispose();
            throw;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw MonitorFailureException.Gone(e);
        }
    }
}
