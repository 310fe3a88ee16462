using Berth.Api.Containers;
using Berth.Daemon.Server;
using Berth.Engine;
using Berth.Engine.Containers;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>GET /containers/{name}/stats: one sample, or one every second.</summary>
static class ContainerStatsEndpoint
{
    public static async Task HandleAsync(ApiRequest request, ContainerService containers)
    {
        var stream = request.QueryFlag("stream", otherwise: true);
        var oneShot = request.QueryFlag("one-shot");
        if (stream && oneShot)
        {
            throw new EngineException(ErrorKind.InvalidParameter, "cannot have stream=true and one-shot=true");
        }

        var samples = containers.Stats(request.Path("name"), stream, oneShot, request.Aborted);
        var reply = await request.ReplyJsonStreamAsync();
        await foreach (var sample in samples)
        {
            await reply.WriteAsync(sample, ContainerJson.Default.ContainerStats);
        }
    }
}
