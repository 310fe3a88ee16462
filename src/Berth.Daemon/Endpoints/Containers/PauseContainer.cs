using Berth.Daemon.Server;
using Berth.Engine.Containers;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>POST /containers/{name}/pause.</summary>
static class PauseContainer
{
    public static async Task HandleAsync(ApiRequest request, ContainerService containers)
    {
        await containers.PauseAsync(request.Path("name"), request.Aborted);
        await request.ReplyAsync();
    }
}
