using Berth.Api.Images;
using Berth.Daemon.Server;
using Berth.Engine.Images;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>GET /images/json.</summary>
static class ListImages
{
    public static Task Handle(ApiRequest request, ImageService images) => request.ReplyAsync(
        [.. images.List(request.QueryFilters(), request.QueryFlag("all")).Select(i => ForVersion(i, request.Version))], ImageJson.Default.IReadOnlyListImageSummary);

    // Before 1.44 the size was told twice; before 1.43 an image without a name had one that says so.
    internal static ImageSummary ForVersion(ImageSummary image, ApiVersion version)
    {
        if (version < new ApiVersion(1, 43) && image is { RepoTags.Count: 0, RepoDigests.Count: 0 })
        {
            image = image with { RepoTags = ["<none>:<none>"], RepoDigests = ["<none>@<none>"] };
        }

        return version < new ApiVersion(1, 44) ? image with { VirtualSize = image.Size } : image;
    }
}
