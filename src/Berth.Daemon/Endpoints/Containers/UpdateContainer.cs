using Berth.Api.Containers;
using Berth.Daemon.Server;
using Berth.Engine.Containers;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>POST /containers/{name}/update.</summary>
static class UpdateContainer
{
    public static async Task HandleAsync(ApiRequest request, ContainerService containers)
    {
        var update = await request.ReadJsonAsync(ContainerJson.Default.UpdateContainerRequest);
        await containers.UpdateAsync(request.Path("name"), update ?? new UpdateContainerRequest(), request.Aborted);
        await request.ReplyAsync(new UpdateContainerResponse(), ContainerJson.Default.UpdateContainerResponse);
    }
}
