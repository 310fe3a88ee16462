using Berth.Api.Images;
using Berth.Daemon.Server;
using Berth.Engine;

namespace Berth.Daemon.Endpoints.Registry;

/// <summary>The reply of a pull or push: messages as they come. What fails before the first is a status; later, it is the last message.</summary>
static class TransferReply
{
    public static async Task RunAsync(ApiRequest request, Func<Func<ProgressMessage, Task>, Task> transfer)
    {
        JsonStream? reply = null;
        async Task SendAsync(ProgressMessage message)
        {
            reply ??= await request.ReplyJsonStreamAsync();
            await reply.WriteAsync(message, ImageJson.Default.ProgressMessage);
        }

        try
        {
            await transfer(SendAsync);
        }
        catch (EngineException e) when (reply is not null)
        {
            await SendAsync(ProgressMessage.OfError(FailureText.Of(e)));
        }
    }
}
