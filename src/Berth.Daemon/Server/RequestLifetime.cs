namespace Berth.Daemon.Server;

/// <summary>
/// How long a request may take: until its client goes away or the daemon ends. The end gives a request some time to be answered,
/// but ends a reply that is a stream (events, followed logs, an attach) at once, as that may have no end of its own.
/// </summary>
sealed class RequestLifetime : IDisposable
{
    private readonly CancellationTokenSource _aborted;
    private readonly CancellationTokenRegistration _registration;
    private readonly Func<TimeSpan> _patience;
    private volatile bool _isStream;
    private ClientWatch? _watch;

    /// <param name="patience">How long a request is waited for when the daemon ends.</param>
    /// <param name="reset">The request was reset.</param>
    /// <param name="closed">The client closed the connection, or its sending side.</param>
    /// <param name="stopping">The daemon ends.</param>
    public RequestLifetime(Func<TimeSpan> patience, CancellationToken reset, CancellationToken closed, CancellationToken stopping)
    {
        _aborted = CancellationTokenSource.CreateLinkedTokenSource(reset, closed);
        _patience = patience;
        Stopping = stopping;
        _registration = stopping.Register(Stop);
    }

    /// <summary>Cancelled when the client went away, or the daemon's patience ended.</summary>
    public CancellationToken Aborted => _aborted.Token;

    /// <summary>Cancelled as soon as the daemon begins to end.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>From here on the reply is a stream.</summary>
    public void BecomeStream()
    {
        _isStream = true;
        if (Stopping.IsCancellationRequested)
        {
            _aborted.Cancel();
        }
    }

    /// <summary>From here on the connection belongs to a raw stream.</summary>
    /// <returns>Cancelled when the client is gone for good, or the daemon ends.</returns>
    public CancellationToken BecomeHijacked(ApiConnection connection)
    {
        BecomeStream();
        _watch = new ClientWatch(connection.Socket, connection.ClientClosed, Stopping);
        return _watch.Gone;
    }

    public void Dispose()
    {
        _watch?.Dispose();
        _registration.Dispose();
        _aborted.Dispose();
    }

    private void Stop()
    {
        if (_isStream)
        {
            _aborted.Cancel();
        }
        else
        {
            _aborted.CancelAfter(_patience());
        }
    }
}
