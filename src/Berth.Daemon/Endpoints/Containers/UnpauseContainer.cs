using Berth.Daemon.Server;
using Berth.Engine.Containers;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>POST /containers/{name}/unpause.</summary>
static class UnpauseContainer
{
    public static async Task HandleAsync(ApiRequest request, ContainerService containers)
    {
        await containers.UnpauseAsync(request.Path("name"), request.Aborted);
        await request.ReplyAsync();
    }
}
