using Berth.Daemon.Server;
using Berth.Engine.Images;

namespace Berth.Daemon.Endpoints.Registry;

/// <summary>The endpoints about registries themselves.</summary>
static class RegistryEndpoints
{
    public static void Map(Routes routes, ImageService images)
    {
        routes.Post("/auth", r => LogIn.HandleAsync(r, images));
        routes.Get("/distribution/{name...}/json", r => InspectDistribution.HandleAsync(r, images));
        routes.Get("/distribution/{name...}/manifest", r => InspectDistribution.HandleManifestAsync(r, images));
    }
}
