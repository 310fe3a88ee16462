using Berth.Api.System;
using Berth.Daemon.Server;
using Berth.Engine;
using Berth.Engine.Events;

namespace Berth.Daemon.Endpoints.System;

/// <summary>GET /events: what has happened since a time, and what happens until another.</summary>
static class Events
{
    public static async Task HandleAsync(ApiRequest request, EventService events, TimeProvider time)
    {
        var since = request.QueryTime("since");
        var until = request.QueryTime("until");
        if (since > until)
        {
            throw new EngineException(
                ErrorKind.InvalidParameter,
                $"`since` time ({request.Query("since")}) cannot be after `until` time ({request.Query("until")})");
        }

        var filter = new EventFilter(request.QueryFilters());
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(request.Aborted);
        var now = time.GetUtcNow();
        // Registered before the head of the reply, so that a client that saw it misses nothing.
        var stream = until <= now ? null : events.Subscribe(since, ended.Token);
        using var timer = until > now ? time.CreateTimer(_ => ended.Cancel(), null, until.Value - now, Timeout.InfiniteTimeSpan) : null;
        var reply = await request.ReplyJsonStreamAsync();
        if (stream is null)
        {
            foreach (var e in events.Past(since ?? DateTimeOffset.MinValue, until!.Value).Where(filter.Includes))
            {
                await reply.WriteAsync(Message(e), SystemJson.Default.EventMessage);
            }

            return;
        }

        try
        {
            await foreach (var e in stream.WithCancellation(ended.Token))
            {
                if (filter.Includes(e))
                {
                    await reply.WriteAsync(Message(e), SystemJson.Default.EventMessage);
                }
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested && !request.Aborted.IsCancellationRequested)
        {
            // Its time has come.
        }
    }

    private static EventMessage Message(EngineEvent e)
    {
        var hasOldFields = e.Type is "container" or "image";
        var ticks = (e.Time - DateTimeOffset.UnixEpoch).Ticks;
        return new EventMessage
        {
            Status = hasOldFields ? e.Action : null,
            Id = hasOldFields ? e.ActorId : null,
            From = e.Type == "container" && e.Attributes.TryGetValue("image", out var image) ? image : null,
            Type = e.Type,
            Action = e.Action,
            Actor = new EventActor(e.ActorId, e.Attributes),
            Time = e.Time.ToUnixTimeSeconds(),
            TimeNano = ticks * TimeSpan.NanosecondsPerTick,
        };
    }
}
