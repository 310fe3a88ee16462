using Berth.Api.Volumes;
using Berth.Daemon.Server;
using Berth.Engine.Containers;

namespace Berth.Daemon.Endpoints.Volumes;

/// <summary>The endpoints about volumes. Which of them are used the containers know.</summary>
static class VolumeEndpoints
{
    public static void Map(Routes routes, ContainerService containers)
    {
        routes.Get("/volumes", r => r.ReplyAsync(
            new ListVolumesResponse { Volumes = containers.ListVolumes(r.QueryFilters()) }, VolumeJson.Default.ListVolumesResponse));
        routes.Get("/volumes/{name}", r => r.ReplyAsync(containers.InspectVolume(r.Path("name")), VolumeJson.Default.Volume));
    }
}
