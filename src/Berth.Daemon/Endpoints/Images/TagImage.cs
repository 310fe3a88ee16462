using Berth.Daemon.Server;
using Berth.Engine.Images;
using Microsoft.AspNetCore.Http;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>POST /images/{name}/tag.</summary>
static class TagImage
{
    public static Task Handle(ApiRequest request, ImageService images)
    {
        images.Tag(request.Path("name"), request.Query("repo") ?? "", request.Query("tag") ?? "");
        return request.ReplyAsync(StatusCodes.Status201Created);
    }
}
