using Berth.Api.Containers;
using Berth.Daemon.Server;
using Berth.Engine.Containers;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>GET /containers/{name}/json.</summary>
static class InspectContainer
{
    public static Task HandleAsync(ApiRequest request, ContainerService containers) =>
        request.ReplyAsync(
            containers.Inspect(request.Path("name"), request.QueryFlag("size")),
            ContainerJson.Default.ContainerInspect);
}
