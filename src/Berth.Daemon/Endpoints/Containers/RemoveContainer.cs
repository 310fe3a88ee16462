using Berth.Daemon.Server;
using Berth.Engine.Containers;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>DELETE /containers/{name}. With link=1 the name is that of a legacy link, CONTAINER/ALIAS.</summary>
static class RemoveContainer
{
    public static async Task HandleAsync(ApiRequest request, ContainerService containers)
    {
        if (request.QueryFlag("link"))
        {
            await containers.RemoveLinkAsync(request.Path("name"), request.Aborted);
            await request.ReplyAsync();
            return;
        }

        await containers.RemoveAsync(request.Path("name"), request.QueryFlag("force"), request.QueryFlag("v"));
        await request.ReplyAsync();
    }
}
