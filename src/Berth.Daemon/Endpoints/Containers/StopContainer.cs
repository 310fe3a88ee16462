using Berth.Daemon.Server;
using Berth.Engine.Containers;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>POST /containers/{name}/stop: answers when the container is recorded as ended.</summary>
static class StopContainer
{
    public static async Task HandleAsync(ApiRequest request, ContainerService containers)
    {
        await containers.StopAsync(request.Path("name"), request.QueryTimeout("t"), request.QueryText("signal"), request.Aborted);
        await request.ReplyAsync();
    }
}
