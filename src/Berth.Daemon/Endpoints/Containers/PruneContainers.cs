using Berth.Api.Containers;
using Berth.Daemon.Server;
using Berth.Engine.Containers;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>POST /containers/prune.</summary>
static class PruneContainers
{
    public static async Task HandleAsync(ApiRequest request, ContainerService containers) =>
        await request.ReplyAsync(await containers.PruneAsync(request.QueryFilters()), ContainerJson.Default.PruneContainersResponse);
}
