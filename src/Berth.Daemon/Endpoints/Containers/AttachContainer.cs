using Berth.Daemon.Server;
using Berth.Engine.Containers;
using Berth.Engine.Containers.Streams;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>POST /containers/{name}/attach: takes the connection over.</summary>
static class AttachContainer
{
    public static async Task HandleAsync(ApiRequest request, ContainerService containers)
    {
        var name = request.Path("name");
        using var attachment = await containers.AttachAsync(
            name,
            new AttachOptions
            {
                Stdin = request.QueryFlag("stdin"),
                Stdout = request.QueryFlag("stdout"),
                Stderr = request.QueryFlag("stderr"),
                Stream = request.QueryFlag("stream"),
                Logs = request.QueryFlag("logs"),
                DetachKeys = request.Query("detachKeys"),
            },
            request.Aborted);
        var tty = containers.Get(name).Config.Tty;
        var connection = await request.HijackAsync(tty ? ApiRequest.RawStreamType : request.MultiplexedStreamType);
        await attachment.RunAsync(new ClientStream(connection.Input, connection.Output), connection.Gone);
    }
}
