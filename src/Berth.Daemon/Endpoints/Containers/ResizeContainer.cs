using Berth.Daemon.Server;
using Berth.Engine.Containers;
using Microsoft.AspNetCore.Http;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>POST /containers/{name}/resize.</summary>
static class ResizeContainer
{
    public static async Task HandleAsync(ApiRequest request, ContainerService containers)
    {
        await containers.ResizeAsync(request.Path("name"), request.QuerySize(), request.Aborted);
        await request.ReplyAsync(StatusCodes.Status200OK);
    }
}
