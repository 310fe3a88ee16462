using Berth.Api.Containers;
using Berth.Daemon.Server;
using Berth.Engine.Containers;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>GET /containers/json.</summary>
static class ListContainers
{
    public static Task HandleAsync(ApiRequest request, ContainerService containers)
    {
        var options = new ContainerListOptions(
            request.QueryFlag("all"),
            (int)Math.Clamp(request.QueryNumber("limit", 0), 0, int.MaxValue),
            request.QueryFlag("size"),
            request.QueryFilters());
        return request.ReplyAsync(containers.List(options), ContainerJson.Default.IReadOnlyListContainerSummary);
    }
}
