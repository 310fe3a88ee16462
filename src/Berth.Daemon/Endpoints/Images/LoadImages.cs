using Berth.Api.Images;
using Berth.Daemon.Server;
using Berth.Engine;
using Berth.Engine.Images;

namespace Berth.Daemon.Endpoints.Images;

/// <summary>POST /images/load: the body is an archive of images, the reply tells of each that was loaded, and of the layers where quiet=0.</summary>
static class LoadImages
{
    public static async Task HandleAsync(ApiRequest request, ImageService images)
    {
        // The head goes out only with the first message: many clients send all of the body before they read. Those that ask to be told
        // of the layers read meanwhile.
        JsonStream? reply = null;
        async Task ReportAsync(ProgressMessage message)
        {
            reply ??= await request.ReplyJsonStreamAsync();
            await reply.WriteAsync(message, ImageJson.Default.ProgressMessage);
        }

        try
        {
            await images.LoadAsync(request.BodyReader, request.QueryFlag("quiet", otherwise: true), ReportAsync, request.Aborted);
        }
        catch (EngineException e)
        {
            // As Docker: an archive that cannot be loaded is an error in the stream.
            await ReportAsync(ProgressMessage.OfError(e.Message));
        }
    }
}
