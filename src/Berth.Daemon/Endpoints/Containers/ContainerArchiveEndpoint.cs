using System.Text.Json;
using Berth.Api.Containers;
using Berth.Daemon.Server;
using Berth.Engine.Containers;
using Microsoft.AspNetCore.Http;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>GET, HEAD and PUT /containers/{name}/archive: files of a container as a tar archive.</summary>
static class ContainerArchiveEndpoint
{
    public static async Task StatAsync(ApiRequest request, ContainerService containers)
    {
        SetStat(request, await containers.StatPathAsync(request.Path("name"), request.Query("path") ?? ""));
        await request.ReplyAsync(StatusCodes.Status200OK);
    }

    public static async Task GetAsync(ApiRequest request, ContainerService containers)
    {
        using var archive = await containers.OpenArchiveAsync(request.Path("name"), request.Query("path") ?? "");
        SetStat(request, archive.Stat);
        await archive.WriteAsync(await request.ReplyPipeAsync("application/x-tar"), request.Aborted);
    }

    public static async Task PutAsync(ApiRequest request, ContainerService containers)
    {
        await containers.ExtractAsync(
            request.Path("name"),
            request.Query("path") ?? "",
            request.QueryFlag("noOverwriteDirNonDir"),
            request.QueryFlag("copyUIDGID"),
            request.BodyReader,
            request.Aborted);
        await request.ReplyAsync(StatusCodes.Status200OK);
    }

    private static void SetStat(ApiRequest request, ContainerPathStat stat) => request.SetHeader(
        "X-Docker-Container-Path-Stat",
        Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(stat, ContainerJson.Default.ContainerPathStat)));
}
