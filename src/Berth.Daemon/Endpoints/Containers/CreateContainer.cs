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
            ?? (request.HasBody ? new CreateContainerRequest() : throw new EngineException(ErrorKind.InvalidParameter, "invalid JSON: got EOF while reading request body"));
        if (body with { HostConfig = null, NetworkingConfig = null } == new CreateContainerRequest())
        {
            throw new EngineException(ErrorKind.InvalidParameter, "config cannot be empty in order to create a container");
        }

        // Before 1.41 there was no such parameter.
        var platform = request.Version < new ApiVersion(1, 41) ? null : request.Query("platform");
        var created = await containers.CreateAsync(request.Query("name"), platform, ForVersion(body, request.Version), request.Aborted);
        await request.ReplyAsync(created, ContainerJson.Default.CreateContainerResponse, StatusCodes.Status201Created);
    }

    /// <summary>What an older version does not know is dropped, and its defaults are followed.</summary>
    private static CreateContainerRequest ForVersion(CreateContainerRequest body, ApiVersion version)
    {
        var host = body.HostConfig ?? new HostConfig();
        if (version < new ApiVersion(1, 44) && (host.Mounts ?? []).Any(m => m.BindOptions is { ReadOnlyForceRecursive: true }))
        {
            throw new EngineException(ErrorKind.InvalidParameter, "BindOptions.ReadOnlyForceRecursive needs API v1.44 or newer");
        }

        if (version < new ApiVersion(1, 40))
        {
            host = host with
            {
                IpcMode = host.IpcMode.Length > 0 ? host.IpcMode : "shareable",
                Mounts = host.Mounts is null ? null : [.. host.Mounts.Select(m => m.BindOptions is { } bind ? m with { BindOptions = bind with { NonRecursive = false } } : m)],
            };
        }

        if (version < new ApiVersion(1, 41))
        {
            host = host with { CgroupnsMode = host.CgroupnsMode.Length > 0 ? host.CgroupnsMode : "host" };
        }

        if (version < new ApiVersion(1, 42))
        {
            host = host with { ConsoleSize = [0, 0], Mounts = host.Mounts is null ? null : [.. host.Mounts.Select(WithoutMisplaced)] };
        }

        if (version < new ApiVersion(1, 43))
        {
            host = host with { Annotations = null };
        }

        if (version < new ApiVersion(1, 44))
        {
            if (body.NetworkingConfig?.EndpointsConfig is { Count: > 1 } endpoints)
            {
                throw new EngineException(
                    ErrorKind.InvalidParameter, $"Container cannot be created with multiple network endpoints: {string.Join(", ", endpoints.Keys.Order(StringComparer.Ordinal))}");
            }

            body = body with { Healthcheck = body.Healthcheck is { } health ? health with { StartInterval = 0 } : null };
        }

        return body with { HostConfig = host };
    }

    /// <summary>Options of another kind of mount were passed over before they were refused.</summary>
    private static Mount WithoutMisplaced(Mount mount) => mount with
    {
        BindOptions = mount is { Type: "bind", BindOptions: { } bind } ? bind with { CreateMountpoint = false } : null,
        VolumeOptions = mount.Type == "volume" ? mount.VolumeOptions : null,
        TmpfsOptions = mount.Type == "tmpfs" ? mount.TmpfsOptions : null,
    };
}
