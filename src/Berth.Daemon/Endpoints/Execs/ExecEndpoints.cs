using Berth.Daemon.Server;
using Berth.Engine.Execs;

namespace Berth.Daemon.Endpoints.Execs;

/// <summary>The endpoints of execs.</summary>
static class ExecEndpoints
{
    public static void Map(Routes routes, ExecService execs)
    {
        routes.Post("/containers/{name...}/exec", r => CreateExec.HandleAsync(r, execs));
        routes.Post("/containers/{name...}/exec/run", r => RunExec.HandleAsync(r, execs));
        routes.Post("/exec/{id}/start", r => StartExec.HandleAsync(r, execs));
        routes.Post("/exec/{id}/resize", r => ResizeExec.HandleAsync(r, execs));
        routes.Get("/exec/{id}/json", r => InspectExec.HandleAsync(r, execs));
    }
}
