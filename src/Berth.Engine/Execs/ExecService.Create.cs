using System.Security.Cryptography;
using Berth.Api.Containers;
using Berth.Engine.Containers.Streams;

namespace Berth.Engine.Execs;

public sealed partial class ExecService
{
    /// <param name="containerNameOrId">Where it will run.</param>
    /// <param name="request">What.</param>
    /// <param name="startsAtOnce">It is told of when its start is under way, which so begins sooner.</param>
    public Exec Create(string containerNameOrId, CreateExecRequest request, bool startsAtOnce = false)
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
        if (!startsAtOnce)
        {
            TellOfCreation(exec);
        }

        return exec;
    }

    private void TellOfCreation(Exec exec)
    {
        if (!exec.IsToldOf)
        {
            exec.IsToldOf = true;
            Publish($"exec_create: {string.Join(' ', exec.Request.Cmd!)}", exec);
        }
    }
}
