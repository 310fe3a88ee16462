using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Berth.Engine.Events;

/// <summary>The one stream of events: services publish, any number of readers follow.</summary>
public sealed class EventService(TimeProvider time)
{
    private const int HistoryLength = 1024;

    private readonly Lock _gate = new();
    private readonly Queue<EngineEvent> _history = new();
    private readonly List<Channel<EngineEvent>> _readers = [];

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
                reader.Writer.TryWrite(happened);
            }
        }
    }

    /// <summary>
    /// Opens a reader: the events kept since <paramref name="since"/> (null: none of the past), then new ones as they come.
    /// The reader is registered when this returns, so that nothing published afterwards is missed.
    /// </summary>
    public IAsyncEnumerable<EngineEvent> Subscribe(DateTimeOffset? since)
    {
        var channel = Channel.CreateUnbounded<EngineEvent>(new UnboundedChannelOptions { SingleReader = true });
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

        return ReadAsync(channel, default);
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
            lock (_gate)
            {
                _readers.Remove(channel);
            }
        }
    }
}
