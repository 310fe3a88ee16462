using Berth.Api.Containers;
using Berth.Daemon.Server;
using Berth.Engine.Containers;
using Microsoft.AspNetCore.Http;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>POST /commit.</summary>
static class CommitContainer
{
    public static async Task HandleAsync(ApiRequest request, ContainerService containers)
    {
        var options = new CommitOptions(
            request.Query("repo") ?? "",
            request.Query("tag") ?? "",
            request.Query("comment") ?? "",
            request.Query("author") ?? "",
            request.QueryAll("changes"),
            request.QueryFlag("pause", otherwise: true),
            await request.ReadJsonAsync(ContainerJson.Default.ContainerConfig));
        var id = await containers.CommitAsync(request.Query("container") ?? "", options, request.Aborted);
        await request.ReplyAsync(new CommitResponse { Id = id.ToString() }, ContainerJson.Default.CommitResponse, StatusCodes.Status201Created);
    }
}
