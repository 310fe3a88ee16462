using Berth.Api.Containers;
using Berth.Daemon.Server;
using Berth.Engine.Containers;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>GET /containers/{name}/top.</summary>
static class TopContainer
{
    public static async Task HandleAsync(ApiRequest request, ContainerService containers) => await request.ReplyAsync(
        await containers.TopAsync(request.Path("name"), request.Query("ps_args") ?? ""), ContainerJson.Default.ContainerTop);
}
