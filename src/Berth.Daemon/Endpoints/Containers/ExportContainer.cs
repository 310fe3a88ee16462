using Berth.Daemon.Server;
using Berth.Engine.Containers;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>GET /containers/{name}/export: the container's root as a tar archive.</summary>
static class ExportContainer
{
    public static async Task HandleAsync(ApiRequest request, ContainerService containers)
    {
        var write = await containers.ExportAsync(request.Path("name"));
        await write(await request.ReplyPipeAsync("application/octet-stream"), request.Aborted);
    }
}
