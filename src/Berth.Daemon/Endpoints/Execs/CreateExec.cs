using Berth.Api.Containers;
using Berth.Daemon.Server;
using Berth.Engine;
using Berth.Engine.Execs;
using Microsoft.AspNetCore.Http;

namespace Berth.Daemon.Endpoints.Execs;

/// <summary>POST /containers/{name}/exec.</summary>
static class CreateExec
{
    public static async Task HandleAsync(ApiRequest request, ExecService execs)
    {
        var body = await request.ReadJsonAsync(ContainerJson.Default.CreateExecRequest)
            ?? throw new EngineException(ErrorKind.InvalidParameter, "No exec command specified");
        var exec = execs.Create(request.Path("name"), body);
        await request.ReplyAsync(new CreateExecResponse { Id = exec.Id }, ContainerJson.Default.CreateExecResponse, StatusCodes.Status201Created);
    }
}
