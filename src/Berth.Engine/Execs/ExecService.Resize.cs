using Berth.Engine.Containers;
using Berth.Engine.Monitors;
using Berth.Monitor;

namespace Berth.Engine.Execs;

public sealed partial class ExecService
{
    private static readonly TimeSpan _resizePatience = TimeSpan.FromSeconds(10);

    /// <summary>Sets the size of the exec's terminal; nothing happens where it has none. Clients ask for it while they start it: then it waits for the start.</summary>
    public async Task ResizeAsync(string id, TerminalSize size, CancellationToken cancellationToken)
    {
        var exec = Get(id);
        if (!exec.Container.State.IsRunning)
        {
            throw ContainerErrors.NotRunning(exec.Container.Id);
        }

        try
        {
            await exec.Settled.WaitAsync(_resizePatience, _time, cancellationToken);
            if (!exec.Running)
            {
                throw new EngineException(ErrorKind.Conflict, $"exec {exec.Id} has ended");
            }

            if (exec.Request.Tty)
            {
                await exec.Container.RunOrRefuse().Monitor.ResizeAsync(size, exec.Id, cancellationToken);
            }
        }
        catch (TimeoutException e)
        {
            throw new EngineException(ErrorKind.System, "timeout waiting for exec session ready", e);
        }
        catch (MonitorFailureException e)
        {
            throw new EngineException(ErrorKind.System, $"cannot resize exec {id}: {e.Message}", e);
        }
    }
}
