using Berth.Api.Containers;
using Berth.Daemon.Server;
using Berth.Engine;
using Berth.Engine.Containers;
using Microsoft.AspNetCore.Http;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>POST /containers/create.</summary>
static class CreateContainer
{
    public static async Task HandleAsync(ApiRequest request, ContainerService containers)
    {
        var body = await request.ReadJsonAsync(ContainerJson.Default.CreateContainerRequest)
            ?? throw new EngineException(ErrorKind.InvalidParameter, "config cannot be empty in order to create a container");
        CheckVersion(request.Version, body);
        var created = await containers.CreateAsync(request.Query("name"), request.Query("platform"), body, request.Aborted);
        await request.ReplyAsync(created, ContainerJson.Default.CreateContainerResponse, StatusCodes.Status201Created);
    }

    private static void CheckVersion(ApiVersion version, CreateContainerRequest body)
    {
        if (version < new ApiVersion(1, 44) && (body.HostConfig?.Mounts ?? []).Any(m => m.BindOptions is { ReadOnlyForceRecursive: true }))
        {
            throw new EngineException(ErrorKind.InvalidParameter, "BindOptions.ReadOnlyForceRecursive needs API v1.44 or newer");
        }
    }
}
