using Berth.Daemon.Server;
using Berth.Engine;
using Berth.Engine.Images;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>GET /images/get and /images/{name}/get: an archive of the images.</summary>
static class SaveImages
{
    public static async Task HandleAsync(ApiRequest request, ImageService images, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            throw new EngineException(ErrorKind.InvalidParameter, "no images to save");
        }

        var found = images.FindForSave(names);
        await images.SaveAsync(found, length => request.ReplyPipeAsync("application/x-tar", length), request.Aborted);
    }
}
