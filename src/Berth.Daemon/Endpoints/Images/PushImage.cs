using Berth.Daemon.Endpoints.Registry;
using Berth.Daemon.Server;
using Berth.Engine;
using Berth.Engine.Images;
using Berth.Oci;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>POST /images/{name}/push.</summary>
static class PushImage
{
    public static Task HandleAsync(ApiRequest request, ImageService images)
    {
        if (!ImageReference.TryParse(request.Path("name"), out var name, out var problem))
        {
            throw new EngineException(ErrorKind.InvalidParameter, problem);
        }

        if (name.Digest is not null)
        {
            throw new EngineException(ErrorKind.InvalidParameter, "cannot push a digest reference");
        }

        if (request.Query("tag") is { Length: > 0 } tag)
        {
            name = ImageReference.IsTag(tag) ? name.WithTag(tag) : throw new EngineException(ErrorKind.InvalidParameter, "invalid tag format");
        }

        var platform = QueryPlatform.Of(request);
        return TransferReply.RunAsync(
            request, report => images.PushAsync(name, platform, RegistryAuth.Of(request, name.Domain), report, request.Aborted));
    }
}
