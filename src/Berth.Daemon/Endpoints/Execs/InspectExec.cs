using Berth.Api.Containers;
using Berth.Daemon.Server;
using Berth.Engine.Execs;

namespace Berth.Daemon.Endpoints.Execs;

/// <summary>GET /exec/{id}/json.</summary>
static class InspectExec
{
    public static Task HandleAsync(ApiRequest request, ExecService execs) =>
        request.ReplyAsync(execs.Inspect(request.Path("id")), ContainerJson.Default.ExecInspect);
}
