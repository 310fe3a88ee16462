using System.Text.Json;
using Berth.Daemon.Endpoints.Registry;
using Berth.Daemon.Server;
using Berth.Engine;
using Berth.Engine.Images;
using Berth.Oci;
using Berth.Oci.Images;

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

        var platform = PlatformOf(request.Query("platform"));
        return TransferReply.RunAsync(
            request, report => images.PushAsync(name, platform, RegistryAuth.Of(request, name.Domain), report, request.Aborted));
    }

    // JSON, where other requests have a text.
    private static OciPlatform? PlatformOf(string? json)
    {
        try
        {
            return string.IsNullOrEmpty(json) ? null : JsonSerializer.Deserialize(json, OciImageJson.Default.OciPlatform);
        }
        catch (JsonException e)
        {
            throw new EngineException(ErrorKind.InvalidParameter, $"failed to parse platform: {JsonFault.Describe(e)}", e);
        }
    }
}
