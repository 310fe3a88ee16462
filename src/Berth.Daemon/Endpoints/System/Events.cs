using Berth.Api.System;
using Berth.Daemon.Server;
using Berth.Engine;
using Berth.Engine.Events;

namespace Berth.Daemon.Endpoints.System;

/// <summary>GET /events: what has happened since a time, and what happens until another.</summary>
static class Events
{
    public static async Task HandleAsync(ApiRequest request, EventService events)
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

        // Registered before the head of the reply, so that a client that saw it misses nothing. Whoever says until when wants the
        // past, too.
        var stream = events.Subscribe(since ?? (until is null ? null : DateTimeOffset.MinValue), until, request.Aborted);
        var reply = await request.ReplyJsonStreamAsync();
        await foreach (var e in stream)
        {
            if (filter.Includes(e))
            {
                await reply.WriteAsync(Message(e), SystemJson.Default.EventMessage);
            }
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
