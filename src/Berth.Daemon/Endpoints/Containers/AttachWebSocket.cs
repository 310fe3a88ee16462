using System.IO.Pipelines;
using System.Net.WebSockets;
using Berth.Daemon.Server;
using Berth.Engine.Containers;
using Berth.Engine.Containers.Streams;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>GET /containers/{name}/attach/ws: an attach over a WebSocket; output is not framed.</summary>
static class AttachWebSocket
{
    public static async Task HandleAsync(ApiRequest request, ContainerService containers)
    {
        request.CheckWebSocket();

        // Clients before API 1.42 get all three whatever they ask for.
        var all = request.Version < new ApiVersion(1, 42);
        using var attachment = await containers.AttachAsync(
            request.Path("name"),
            new AttachOptions
            {
                Stdin = all || request.QueryFlag("stdin"),
                Stdout = all || request.QueryFlag("stdout"),
                Stderr = all || request.QueryFlag("stderr"),
                Stream = request.QueryFlag("stream"),
                Logs = request.QueryFlag("logs"),
                DetachKeys = request.Query("detachKeys"),
                Raw = true,
            },
            request.Aborted);
        var (socket, gone) = await request.HijackWebSocketAsync();
        using (socket)
        {
            await using var stream = new WebSocketStream(socket);
            try
            {
                await attachment.RunAsync(new ClientStream(PipeReader.Create(stream), PipeWriter.Create(stream)), gone);
                if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                {
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, gone);
                }
            }
            catch (Exception e) when (e is IOException or WebSocketException)
            {
                // The client is gone: nobody is there to be told.
            }
        }
    }
}
