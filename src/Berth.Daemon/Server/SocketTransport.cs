using System.Net;
using System.Net.Sockets;
using Berth.Daemon.Life;
using Microsoft.AspNetCore.Connections;

namespace Berth.Daemon.Server;

/// <summary>
/// Brings Kestrel the connections of our own sockets. Not its own transport, because that one reads at most 4 KB at a time: an
/// archive of 50 MB would take 12,000 system calls.
/// </summary>
sealed class SocketTransport(IReadOnlyList<ListenSocket> sockets) : IConnectionListenerFactory
{
    private const int Backlog = 512;

    private static readonly BlockPool _pool = new();

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = sockets.First(s => s.Socket.LocalEndPoint!.Equals(endpoint)).Socket;
        socket.Listen(Backlog);
        return ValueTask.FromResult<IConnectionListener>(new Listener(socket, endpoint, _pool));
    }

    private sealed class Listener(Socket socket, EndPoint endPoint, BlockPool pool) : IConnectionListener
    {
        public EndPoint EndPoint => endPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (true)
            {
                try
                {
                    var accepted = await socket.AcceptAsync(cancellationToken);
                    if (accepted.AddressFamily != AddressFamily.Unix)
                    {
                        accepted.NoDelay = true;
                    }

                    return SocketConnection.Start(accepted, pool);
                }
                catch (Exception e) when (e is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
                {
                    // Nothing is listened for any more.
                    return null;
                }
                catch (SocketException)
                {
                    // The client went away before it was accepted.
                }
            }
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            socket.Dispose();
            return default;
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }
}
