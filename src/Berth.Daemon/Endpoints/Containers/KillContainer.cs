using Berth.Daemon.Server;
using Berth.Engine.Containers;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>POST /containers/{name}/kill.</summary>
static class KillContainer
{
    public static async Task HandleAsync(ApiRequest request, ContainerService containers)
    {
        await containers.KillAsync(request.Path("name"), request.QueryText("signal"), request.Aborted);
        await request.ReplyAsync();
    }
}
