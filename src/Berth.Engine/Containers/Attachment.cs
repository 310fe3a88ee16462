using Berth.Engine.Containers.Streams;
using Berth.Engine.Monitors;

namespace Berth.Engine.Containers;

/// <summary>
/// A client attached to a container: registered before its request is answered, so that it misses nothing from then on. Run carries
/// the bytes; disposing detaches.
/// </summary>
public sealed class Attachment : IDisposable
{
    private readonly Container _container;
    private readonly PendingAttach? _pending;
    private readonly StreamOptions _options;
    private readonly Func<ClientStream, CancellationToken, Task>? _writeLog;
    private readonly Action _onDetach;
    private MonitorStream? _stream;

    internal Attachment(
        Container container,
        MonitorStream? stream,
        PendingAttach? pending,
        StreamOptions options,
        Func<ClientStream, CancellationToken, Task>? writeLog,
        Action onDetach)
    {
        (_container, _stream, _pending, _options, _writeLog, _onDetach) = (container, stream, pending, options, writeLog, onDetach);
    }

    /// <summary>Carries bytes until the container ends or the client goes.</summary>
    public async Task RunAsync(ClientStream client, CancellationToken cancellationToken)
    {
        if (_writeLog is not null)
        {
            await _writeLog(client, cancellationToken);
        }

        if (_pending is not null)
        {
            _stream = await _pending.Stream.WaitAsync(cancellationToken);
        }

        if (_stream is not null && await StreamPump.RunAsync(_stream, client, _options, cancellationToken))
        {
            _onDetach();
        }
    }

    public void Dispose()
    {
        if (_pending is not null)
        {
            _container.Remove(_pending);
            _pending.Cancel();
            if (_pending.Stream is { IsCompletedSuccessfully: true, Result: { } connected })
            {
                connected.Dispose();
            }
        }

        _stream?.Dispose();
    }
}
