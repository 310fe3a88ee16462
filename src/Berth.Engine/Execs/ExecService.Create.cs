using System.Security.Cryptography;
using Berth.Api.Containers;
using Berth.Engine.Containers.Streams;

namespace Berth.Engine.Execs;

public sealed partial class ExecService
{
    public CreateExecResponse Create(string containerNameOrId, CreateExecRequest request)
    {
        if (request.Cmd is null or [])
        {
            throw new EngineException(ErrorKind.InvalidParameter, "No exec command specified");
        }

        DetachKeys.Parse(request.DetachKeys);
        var container = _containers.Get(containerNameOrId);
        RefuseUnlessRunning(container);
        _containers.ExpectProcess();
        ForgetOld(container.Execs);
        var exec = new Exec(RandomNumberGenerator.GetHexString(64, lowercase: true), container, request, _time.GetUtcNow());
        container.Execs.Add(exec);
        _execs[exec.Id] = exec;
        Publish($"exec_create: {string.Join(' ', request.Cmd)}", exec);
        return new CreateExecResponse { Id = exec.Id };
    }

    /// <summary>Those of removed containers go with the next exec anywhere.</summary>
    private void ForgetOld(ContainerExecs execs)
    {
        var limit = _time.GetUtcNow() - _keptAfterEnd;
        foreach (var old in execs.Forget(e => e.IsIdle && e.LastUse < limit))
        {
            _execs.TryRemove(old.Id, out _);
        }

        foreach (var (id, exec) in _execs)
        {
            if (exec.Container.Lifecycle.Removed.IsCompleted)
            {
                _execs.TryRemove(id, out _);
            }
        }
    }
}
