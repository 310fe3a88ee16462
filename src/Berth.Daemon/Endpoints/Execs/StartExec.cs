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

        await RunAsync(request, execs, exec, body, sendExitCode: false);
    }

    /// <summary>Takes the connection over and runs the exec on it.</summary>
    internal static async Task RunAsync(ApiRequest request, ExecService execs, Exec exec, StartExecRequest start, bool sendExitCode)
    {
        HijackedConnection connection;
        try
        {
            connection = await request.HijackAsync(start.Tty ? ApiRequest.RawStreamType : request.MultiplexedStreamType);
        }
        catch
        {
            execs.Abandon(exec);
            throw;
        }

        await execs.RunAsync(exec, start, new ClientStream(connection.Input, connection.Output), sendExitCode ? SendExitCodeAsync : null, connection.Gone);

        async Task SendExitCodeAsync(int exitCode) => await connection.Output.WriteAsync(ExitFrame.Of(exitCode), connection.Gone);
    }
}
