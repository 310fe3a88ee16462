using Berth.Api.System;
using Berth.Daemon.Server;
using Berth.Engine.Events;
using Berth.Engine.Info;

namespace Berth.Daemon.Endpoints.System;

/// <summary>The endpoints about the engine itself.</summary>
static class SystemEndpoints
{
    public static void Map(Routes routes, InfoService info, DiskUsageService usage, EventService events)
    {
        routes.Get("/_ping", Ping.Handle);
        routes.Head("/_ping", Ping.Handle);
        routes.Get("/version", r => r.ReplyAsync(info.Version(), SystemJson.Default.SystemVersion));
        routes.Get("/info", r => r.ReplyAsync(info.Info(), SystemJson.Default.SystemInfo));
        routes.Get("/system/df", r => ShowDiskUsage.HandleAsync(r, usage));

        // Nothing is built here, so that there is no cache; clients prune it along with the rest.
        routes.Post("/build/prune", r => r.ReplyAsync(new PruneBuildResponse(), SystemJson.Default.PruneBuildResponse));
        routes.Get("/events", r => Events.HandleAsync(r, events));
        routes.Post("/swarm/leave", Swarm.Leave);
        routes.Post("/swarm/init", Swarm.Enter);
        routes.Post("/swarm/join", Swarm.Enter);
        Swarm.Map(routes);
        NotYet.Map(routes);
        routes.Get("/plugins", r => r.ReplyAsync<IReadOnlyList<string>>([], SystemJson.Default.IReadOnlyListString));
    }
}
