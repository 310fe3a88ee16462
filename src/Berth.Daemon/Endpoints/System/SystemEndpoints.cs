using Berth.Daemon.Server;

namespace Berth.Daemon.Endpoints.System;

/// <summary>The endpoints about the engine itself.</summary>
static class SystemEndpoints
{
    public static void Map(Routes routes)
    {
        routes.Get("/_ping", Ping.Handle);
        routes.Head("/_ping", Ping.Handle);
    }
}
