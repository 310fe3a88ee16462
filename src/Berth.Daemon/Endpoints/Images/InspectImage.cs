using Berth.Api.Images;
using Berth.Daemon.Server;
using Berth.Engine.Images;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>GET /images/{name}/json.</summary>
static class InspectImage
{
    public static Task Handle(ApiRequest request, ImageService images)
    {
        var image = images.Inspect(request.Path("name"), QueryPlatform.Of(request));
        return request.ReplyAsync(
            request.Version < new ApiVersion(1, 44) ? image with { VirtualSize = image.Size } : image, ImageJson.Default.ImageInspect);
    }
}
