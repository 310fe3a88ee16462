using System.Security.Cryptography;
using Berth.Api.Containers;
using Berth.Engine.Containers.Streams;

namespace Berth.Engine.Execs;

public sealed partial class ExecService
{
    public Exec Create(string containerNameOrId, CreateExecRequest request)
    {
        if (request.Cmd is null or [])
        {
            throw new EngineException(ErrorKind.InvalidParameter, "No exec command specified");
        }

        DetachKeys.Parse(request.DetachKeys);
        var container = _containers.Get(containerNameOrId);
        RefuseUnlessRunning(container);
        _containers.ExpectProcess();
        var exec = new Exec(RandomNumberGenerator.GetHexString(64, lowercase: true), container, request, _time.GetUtcNow());
        if (container.Execs.Add(exec))
        {
            _ = ForgetWithContainerAsync(container);
        }

        _execs[exec.Id] = exec;
        ForgetLater(exec);
        Publish($"exec_create: {string.Join(' ', request.Cmd)}", exec);
        return exec;
    }
}
