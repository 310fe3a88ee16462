using Berth.Api.Containers;
using Berth.Daemon.Server;
using Berth.Engine.Containers;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>POST /volumes/prune: which volumes are used the containers know.</summary>
static class PruneVolumes
{
    public static Task HandleAsync(ApiRequest request, ContainerService containers) =>
        request.ReplyAsync(containers.PruneVolumes(request.QueryFilters()), ContainerJson.Default.PruneVolumesResponse);
}
