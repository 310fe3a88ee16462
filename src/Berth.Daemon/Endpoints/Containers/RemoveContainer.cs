using Berth.Daemon.Server;
using Berth.Engine;
using Berth.Engine.Containers;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>DELETE /containers/{name}. With link=1 the name is that of a legacy link, CONTAINER/ALIAS.</summary>
static class RemoveContainer
{
    public static async Task HandleAsync(ApiRequest request, ContainerService containers)
    {
        if (request.QueryFlag("link"))
        {
            throw new EngineException(ErrorKind.NotImplemented, "legacy links are not implemented");
        }

        await containers.RemoveAsync(request.Path("name"), request.QueryFlag("force"), request.QueryFlag("v"));
        await request.ReplyAsync();
    }
}
