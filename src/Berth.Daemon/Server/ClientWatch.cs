using System.Net.Sockets;

namespace Berth.Daemon.Server;

/// <summary>
/// Tells a client that is gone from one that closed only its sending side, for raw streams on which nothing may be written for
/// a long time. The end of its data looks the same for both; but where a Unix socket's other end is closed, or a TCP connection
/// reset, sending fails, and does so even for no bytes at all.
/// </summary>
sealed class ClientWatch : IDisposable
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    private readonly Socket? _socket;
    private readonly CancellationTokenSource _gone;
    private readonly CancellationTokenRegistration _registration;
    private readonly Lock _gate = new();
    private ITimer? _timer;
    private bool _disposed;

    /// <param name="socket">The connection's; null: unknown, then loss shows only when something is written.</param>
    /// <param name="closed">The client closed its sending side, or all.</param>
    /// <param name="stopping">The daemon ends.</param>
    public ClientWatch(Socket? socket, CancellationToken closed, CancellationToken stopping)
    {
        _socket = socket;
        _gone = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _registration = closed.Register(Watch);
    }

    /// <summary>Cancelled when the client is gone, or the daemon ends.</summary>
    public CancellationToken Gone => _gone.Token;

    public void Dispose()
    {
        _registration.Dispose();
        lock (_gate)
        {
            _disposed = true;
            _timer?.Dispose();
        }

        _gone.Dispose();
    }

    private void Watch()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _timer = TimeProvider.System.CreateTimer(_ => Look(), null, TimeSpan.Zero, _interval);
            }
        }
    }

    private void Look()
    {
        try
        {
            _socket?.Send(ReadOnlySpan<byte>.Empty);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            lock (_gate)
            {
                if (!_disposed)
                {
                    _timer?.Dispose();
                    _ = _gone.CancelAsync();
                }
            }
        }
    }
}
