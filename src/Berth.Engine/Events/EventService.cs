using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Berth.Engine.Events;

/// <summary>The one stream of events: services publish, any number of readers follow.</summary>
public sealed class EventService(TimeProvider time)
{
    private const int HistoryLength = 1024;

    /// <summary>How far a reader may fall behind before it is cut off; a gap in the middle would be worse than an end.</summary>
    private const int ReaderLength = 8 * HistoryLength;

    private readonly Lock _gate = new();
    private readonly Queue<EngineEvent> _history = new();
    private readonly List<Channel<EngineEvent>> _readers = [];

    public int ReaderCount
    {
        get
        {
            lock (_gate)
            {
                return _readers.Count;
            }
        }
    }

    /// <summary>Stamps the event with the current time and hands it to every reader; never waits for one.</summary>
    public void Publish(string type, string action, string actorId, IReadOnlyDictionary<string, string>? attributes = null)
    {
        lock (_gate)
        {
            var happened = new EngineEvent
            {
                Type = type,
                Action = action,
                ActorId = actorId,
                Attributes = attributes ?? new Dictionary<string, string>(),
                Time = time.GetUtcNow(),
            };
            if (_history.Count == HistoryLength)
            {
                _history.Dequeue();
            }

            _history.Enqueue(happened);
            foreach (var reader in _readers)
            {
                if (!reader.Writer.TryWrite(happened))
                {
                    reader.Writer.TryComplete();
                }
            }
        }
    }

    /// <summary>The events that are kept of the past, oldest first.</summary>
    public IReadOnlyList<EngineEvent> Past(DateTimeOffset since, DateTimeOffset until)
    {
        lock (_gate)
        {
            return [.. _history.Where(e => e.Time >= since && e.Time <= until)];
        }
    }

    /// <summary>
    /// Opens a reader: the events kept since <paramref name="since"/> (null: none of the past), then new ones as they come, until
    /// the token is cancelled. The reader is registered when this returns, so that nothing published afterwards is missed; it is
    /// given up when the token is cancelled or its enumeration ends.
    /// </summary>
    public IAsyncEnumerable<EngineEvent> Subscribe(DateTimeOffset? since, CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<EngineEvent>(new BoundedChannelOptions(ReaderLength) { SingleReader = true });
        lock (_gate)
        {
            if (since is { } from)
            {
                foreach (var past in _history.Where(e => e.Time >= from))
                {
                    channel.Writer.TryWrite(past);
                }
            }

            _readers.Add(channel);
        }

        // Also where nobody ever enumerates.
        cancellationToken.Register(() => Remove(channel));
        return ReadAsync(channel, cancellationToken);
    }

    private async IAsyncEnumerable<EngineEvent> ReadAsync(
        Channel<EngineEvent> channel,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var happened in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return happened;
            }
        }
        finally
        {
            Remove(channel);
        }
    }

    private void Remove(Channel<EngineEvent> channel)
    {
        lock (_gate)
        {
            _readers.Remove(channel);
        }
    }
}
