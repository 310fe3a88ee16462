using Berth.Api.Images;
using Berth.Daemon.Server;
using Berth.Engine.Images;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>DELETE /images/{name}.</summary>
static class RemoveImage
{
    public static Task Handle(ApiRequest request, ImageService images) => request.ReplyAsync(
        images.Remove(request.Path("name"), request.QueryFlag("force"), prune: !request.QueryFlag("noprune")), ImageJson.Default.IReadOnlyListImageDeleteItem);
}
