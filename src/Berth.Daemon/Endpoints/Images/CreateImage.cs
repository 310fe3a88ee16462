using Berth.Api.Images;
using Berth.Daemon.Endpoints.Registry;
using Berth.Daemon.Server;
using Berth.Engine;
using Berth.Engine.Images;
using Berth.Oci;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>POST /images/create: with fromImage a pull, with fromSrc an import.</summary>
static class CreateImage
{
    public static Task HandleAsync(ApiRequest request, ImageService images) =>
        request.Query("fromImage") is { Length: > 0 } image ? PullAsync(request, images, image)
        : request.Query("fromSrc") is { Length: > 0 } source ? ImportAsync(request, images, source)
        : throw new EngineException(ErrorKind.InvalidParameter, "either fromImage or fromSrc is required");

    private static async Task PullAsync(ApiRequest request, ImageService images, string image)
    {
        // The parameter "tag" may be a digest.
        var tag = request.Query("tag") ?? "";
        var text = tag.Length == 0 ? image : Digest.TryParse(tag, out _) ? $"{image}@{tag}" : $"{image}:{tag}";
        if (!ImageReference.TryParse(text, out var name, out var problem))
        {
            throw new EngineException(ErrorKind.InvalidParameter, problem);
        }

        await TransferReply.RunAsync(request, report => images.PullAsync(
            name, request.Query("platform"), RegistryAuth.Of(request, name.Domain), report, request.Aborted));
    }

    private static async Task ImportAsync(ApiRequest request, ImageService images, string source)
    {
        var name = request.Query("repo") is { Length: > 0 } repository
            ? ImageService.ParseTarget(repository, request.Query("tag") ?? "")
            : null;
        var message = request.Query("message") is { Length: > 0 } given ? given : $"Imported from {source}";
        var options = new ImportOptions(name, request.QueryAll("changes"), message, request.Query("platform"));
        if (source != "-")
        {
            await TransferReply.RunAsync(request, report => images.ImportFromAsync(source, options, report, request.Aborted));
            return;
        }

        var id = await images.ImportAsync(request.Body, options, request.Aborted);
        var reply = await request.ReplyJsonStreamAsync();
        await reply.WriteAsync(new ProgressMessage { Status = id.ToString() }, ImageJson.Default.ProgressMessage);
    }
}
