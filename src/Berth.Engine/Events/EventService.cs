using System.Runtime.CompilerServices;

namespace Berth.Engine.Events;

/// <summary>
/// The one stream of events: services publish, any number of readers follow. All of them read the history on disk, each at its own
/// pace: a slow one holds up nobody, costs no memory, and loses nothing.
/// </summary>
/// <param name="directory">Where the history lies.</param>
public sealed class EventService(string directory, TimeProvider time, Log log) : IDisposable
{
    /// <summary>Timers take no more than seven weeks.</summary>
    private static readonly TimeSpan _longestWait = TimeSpan.FromDays(1);

    private static readonly TimeSpan _moment = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private readonly EventHistory _history = new(directory);
    private TaskCompletionSource? _published;
    private int _readers;
    private bool _isLosing;

    public int ReaderCount => Volatile.Read(ref _readers);

    /// <summary>Stamps the event with the current time and writes it to the history; never waits for a reader.</summary>
    public void Publish(string type, string action, string actorId, IReadOnlyDictionary<string, string>? attributes = null)
    {
        TaskCompletionSource? published;
        lock (_gate)
        {
            var taken = _history.TryAppend(new EngineEvent
            {
                Type = type,
                Action = action,
                ActorId = actorId,
                Attributes = WireMap.Sorted(attributes) ?? new Dictionary<string, string>(),
                Time = time.GetUtcNow(),
            });
            if (!taken && !_isLosing)
            {
                log.Warning("events are lost: their history cannot be written", ("directory", directory));
            }

            _isLosing = !taken;
            (published, _published) = (_published, null);
        }

        published?.SetResult();
    }

    /// <summary>The events that are kept of the past, oldest first.</summary>
    public IEnumerable<EngineEvent> Past(DateTimeOffset since, DateTimeOffset until)
    {
        EventSegment? segment;
        lock (_gate)
        {
            segment = _history.From(since);
        }

        for (; segment is not null; segment = segment.Next)
        {
            foreach (var (happened, _) in segment.Read(0))
            {
                if (happened.Time >= since && happened.Time <= until)
                {
                    yield return happened;
                }
            }
        }
    }

    /// <summary>
    /// Opens a reader: the events kept since <paramref name="since"/> (null: none of the past), then new ones as they come, until
    /// the token is cancelled. It begins where the history ends now, so that nothing published afterwards is missed.
    /// </summary>
    /// <param name="until">It ends when this has come and all is read that was published before; null: never.</param>
    public IAsyncEnumerable<EngineEvent> Subscribe(DateTimeOffset? since, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        (EventSegment Segment, long Offset) start;
        lock (_gate)
        {
            start = since is { } from ? (_history.From(from), 0) : _history.End;
        }

        return ReadAsync(start.Segment, start.Offset, since ?? DateTimeOffset.MinValue, until ?? DateTimeOffset.MaxValue, cancellationToken);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _history.Dispose();
        }
    }

    private async IAsyncEnumerable<EngineEvent> ReadAsync(
        EventSegment segment, long offset, DateTimeOffset since, DateTimeOffset until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _readers);
        try
        {
            while (true)
            {
                // Both are asked for before the reading, in this order: whatever is published after it wakes this, or is too late
                // (an event is stamped and written under the lock that the first one takes).
                var rest = until - time.GetUtcNow();
                var published = NextPublish();
                var next = segment.Next;
                foreach (var (happened, end) in segment.Read(offset))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    offset = end;
                    if (happened.Time >= since && happened.Time <= until)
                    {
                        yield return happened;
                    }
                }

                if (next is not null)
                {
                    (segment, offset) = (next, 0);
                }
                else if (rest < TimeSpan.Zero)
                {
                    yield break;
                }
                else
                {
                    await WaitAsync(published, rest, cancellationToken);
                }
            }
        }
        finally
        {
            Interlocked.Decrement(ref _readers);
        }
    }

    /// <summary>Returns when the task is done or the time is over, or sooner.</summary>
    private async Task WaitAsync(Task published, TimeSpan rest, CancellationToken cancellationToken)
    {
        try
        {
            // A moment more, so that the end has come when it has.
            await published.WaitAsync(rest < _longestWait ? rest + _moment : _longestWait, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The caller looks at the clock.
        }
    }

    private Task NextPublish()
    {
        lock (_gate)
        {
            return (_published ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }
}
