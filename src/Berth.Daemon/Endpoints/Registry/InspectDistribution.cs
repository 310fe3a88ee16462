using Berth.Api.Registry;
using Berth.Daemon.Server;
using Berth.Engine;
using Berth.Engine.Images;
using Berth.Oci;

namespace Berth.Daemon.Endpoints.Registry;

/// <summary>GET /distribution/{name}/json; and, beyond Docker's API, /distribution/{name}/manifest, the document itself.</summary>
static class InspectDistribution
{
    public static async Task HandleAsync(ApiRequest request, ImageService images)
    {
        var name = Name(request);
        var found = await images.InspectRemoteAsync(name, RegistryAuth.Of(request, name.Domain), request.QueryFlag("insecure"), request.Aborted);
        await request.ReplyAsync(found, RegistryJson.Default.DistributionInspect);
    }

    public static async Task HandleManifestAsync(ApiRequest request, ImageService images)
    {
        var name = Name(request);
        var found = await images.GetRemoteManifestAsync(name, RegistryAuth.Of(request, name.Domain), request.QueryFlag("insecure"), request.Aborted);
        var reply = await request.ReplyStreamAsync(found.MediaType);
        await reply.WriteAsync(found.Content, request.Aborted);
    }

    private static ImageReference Name(ApiRequest request) =>
        ImageReference.TryParse(request.Path("name"), out var name, out var problem)
            ? name.WithDefaultTag()
            : throw new EngineException(ErrorKind.InvalidParameter, problem);
}
