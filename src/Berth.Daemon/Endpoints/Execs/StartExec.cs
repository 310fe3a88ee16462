using Berth.Api.Containers;
using Berth.Daemon.Server;
using Berth.Engine.Containers.Streams;
using Berth.Engine.Execs;
using Microsoft.AspNetCore.Http;

namespace Berth.Daemon.Endpoints.Execs;

/// <summary>POST /exec/{id}/start: takes the connection over, unless detached. Framing follows the Tty of this request, not of the create.</summary>
static class StartExec
{
    public static async Task HandleAsync(ApiRequest request, ExecService execs)
    {
        var body = await request.ReadJsonAsync(ContainerJson.Default.StartExecRequest) ?? new StartExecRequest();
        var exec = execs.Prepare(request.Path("id"));
        if (body.Detach)
        {
            await execs.RunDetachedAsync(exec, body);
            await request.ReplyAsync(StatusCodes.Status200OK);
            return;
        }

        var connection = await request.HijackAsync(body.Tty ? ApiRequest.RawStreamType : request.MultiplexedStreamType);
        await execs.RunAsync(exec, body, new ClientStream(connection.Input, connection.Output), connection.Gone);
    }
}
