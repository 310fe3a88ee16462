using System.Text.Json;
using Berth.Api.Containers;
using Berth.Daemon.Server;
using Berth.Engine;
using Berth.Engine.Containers;

namespace Berth.Daemon.Endpoints.Containers;

/// <summary>POST /containers/{name}/wait: its head is sent at once, so that the client knows that the wait has begun.</summary>
static class WaitContainer
{
    public static async Task HandleAsync(ApiRequest request, ContainerService containers)
    {
        var condition = request.Query("condition") switch
        {
            null or "" or "not-running" => WaitCondition.NotRunning,
            "next-exit" => WaitCondition.NextExit,
            "removed" => WaitCondition.Removed,
            var other => throw new EngineException(ErrorKind.InvalidParameter, $"invalid condition: \"{other}\""),
        };
        var end = containers.Wait(request.Path("name"), condition);
        var body = await request.ReplyStreamAsync("application/json");
        var state = await end.WaitAsync(request.Aborted);
        var response = new WaitResponse { StatusCode = state.ExitCode, Error = state.Error.Length > 0 ? new WaitError { Message = state.Error } : null };
        await body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(response, ContainerJson.Default.WaitResponse), request.Aborted);
        await body.WriteAsync("\n"u8.ToArray(), request.Aborted);
    }
}
