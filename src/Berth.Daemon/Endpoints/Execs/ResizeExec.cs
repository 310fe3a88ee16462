using Berth.Daemon.Endpoints.Containers;
using Berth.Daemon.Server;
using Berth.Engine.Execs;
using Microsoft.AspNetCore.Http;

namespace Berth.Daemon.Endpoints.Execs;

/// <summary>POST /exec/{id}/resize.</summary>
static class ResizeExec
{
    public static async Task HandleAsync(ApiRequest request, ExecService execs)
    {
        await execs.ResizeAsync(request.Path("id"), request.QuerySize(), request.Aborted);
        await request.ReplyAsync(StatusCodes.Status200OK);
    }
}
