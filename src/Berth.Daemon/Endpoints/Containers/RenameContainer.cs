using Berth.Daemon.Server;
using Berth.Engine.Containers;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>POST /containers/{name}/rename.</summary>
static class RenameContainer
{
    public static async Task HandleAsync(ApiRequest request, ContainerService containers)
    {
        await containers.RenameAsync(request.Path("name"), request.QueryText("name") ?? "", request.Aborted);
        await request.ReplyAsync();
    }
}
