using Berth.Daemon.Server;
using Berth.Engine.Containers;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>POST /containers/{name}/restart: answers when the container runs again.</summary>
static class RestartContainer
{
    public static async Task HandleAsync(ApiRequest request, ContainerService containers)
    {
        await containers.RestartAsync(request.Path("name"), request.QueryTimeout("t"), request.QueryText("signal"), request.Aborted);
        await request.ReplyAsync();
    }
}
