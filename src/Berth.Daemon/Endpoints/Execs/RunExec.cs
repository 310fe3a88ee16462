using Berth.Api.Containers;
using Berth.Daemon.Server;
using Berth.Engine;
using Berth.Engine.Execs;

namespace Berth.Daemon.Endpoints.Execs;

/// <summary>
/// POST /containers/{name}/exec/run, Berth's own: an exec without a terminal, made and started in one request. The connection is
/// taken over, and the exit code is its last frame.
/// </summary>
static class RunExec
{
    public static async Task HandleAsync(ApiRequest request, ExecService execs)
    {
        var body = await request.ReadJsonAsync(ContainerJson.Default.CreateExecRequest) ?? new CreateExecRequest();
        if (body.Tty)
        {
            throw new EngineException(ErrorKind.InvalidParameter, "an exec with a terminal cannot be run in one request");
        }

        var exec = execs.Create(request.Path("name"), body, startsAtOnce: true);
        exec.BeginStart();
        await StartExec.RunAsync(request, execs, exec, new StartExecRequest(), sendExitCode: true);
    }
}
