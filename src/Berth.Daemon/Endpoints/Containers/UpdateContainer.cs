using Berth.Api.Containers;
using Berth.Daemon.Server;
using Berth.Engine.Containers;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>POST /containers/{name}/update.</summary>
static class UpdateContainer
{
    public static async Task HandleAsync(ApiRequest request, ContainerService containers)
    {
        var update = await request.ReadJsonAsync(ContainerJson.Default.UpdateContainerRequest) ?? new UpdateContainerRequest();

        // Version 1.40 brought the limit.
        update = request.Version < new ApiVersion(1, 40) ? update with { PidsLimit = null } : update;
        await containers.UpdateAsync(request.Path("name"), update, request.Aborted);
        await request.ReplyAsync(new UpdateContainerResponse(), ContainerJson.Default.UpdateContainerResponse);
    }
}
