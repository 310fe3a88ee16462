using Berth.Daemon.Server;
using Berth.Engine.Containers;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>POST /containers/{name}/start.</summary>
static class StartContainer
{
    public static async Task HandleAsync(ApiRequest request, ContainerService containers)
    {
        Checkpoints.CheckStart(request);
        await containers.StartAsync(request.Path("name"), request.Aborted);
        await request.ReplyAsync();
    }
}
