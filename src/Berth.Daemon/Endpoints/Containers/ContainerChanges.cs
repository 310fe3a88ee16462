using Berth.Api.Containers;
using Berth.Daemon.Server;
using Berth.Engine.Containers;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>GET /containers/{name}/changes.</summary>
static class ContainerChanges
{
    public static async Task HandleAsync(ApiRequest request, ContainerService containers) => await request.ReplyAsync(
        await containers.ChangesAsync(request.Path("name")), ContainerJson.Default.IReadOnlyListContainerChange);
}
