using Berth.Api.Containers;

namespace Berth.Engine.Execs;

public sealed partial class ExecService
{
    public ExecInspect Inspect(string id)
    {
        var exec = Get(id);
        var request = exec.Request;
        return new ExecInspect
        {
            ID = exec.Id,
            Running = exec.Running,
            ExitCode = exec.ExitCode,
            ProcessConfig = new ExecProcess
            {
                Tty = request.Tty,
                Entrypoint = request.Cmd![0],
                Arguments = [.. request.Cmd.Skip(1)],
                Privileged = request.Privileged,
                User = request.User.Length > 0 ? request.User : null,
            },
            OpenStdin = request.AttachStdin,
            OpenStdout = request.AttachStdout,
            OpenStderr = request.AttachStderr,
            CanRemove = exec.ExitCode is not null,
            ContainerID = exec.Container.Id,
            DetachKeys = request.DetachKeys.Length > 0
                ? Convert.ToBase64String(Containers.Streams.DetachKeys.Parse(request.DetachKeys))
                : null,
            Pid = exec.Pid,
        };
    }
}
