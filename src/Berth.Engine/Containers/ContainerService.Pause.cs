using Berth.Engine.Monitors;

namespace Berth.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>Freezes all processes of the container.</summary>
    public Task PauseAsync(string nameOrId, CancellationToken cancellationToken) =>
        FreezeAsync(nameOrId, freeze: true, cancellationToken);

    public Task UnpauseAsync(string nameOrId, CancellationToken cancellationToken) =>
        FreezeAsync(nameOrId, freeze: false, cancellationToken);

    private async Task FreezeAsync(string nameOrId, bool freeze, CancellationToken cancellationToken)
    {
        var container = Get(nameOrId);
        await container.Operation.WaitAsync(cancellationToken);
        try
        {
            if (container.State.Status != (freeze ? ContainerStatus.Running : ContainerStatus.Paused) || container.Run is not { } run)
            {
                // The move says why not.
                (freeze ? container.Lifecycle.Pause : (Action)container.Lifecycle.Unpause)();
                return;
            }

            await (freeze ? run.Monitor.PauseAsync(_stopping.Token) : run.Monitor.ResumeAsync(_stopping.Token));
            (freeze ? container.Lifecycle.Pause : (Action)container.Lifecycle.Unpause)();
            SaveOrWarn(container);
        }
        catch (MonitorFailureException e)
        {
            if (container.Run is not { } run || await run.IsOverAsync(_time))
            {
                throw ContainerErrors.NotRunning(container.Id);
            }

            throw new EngineException(ErrorKind.System, $"cannot {(freeze ? "pause" : "unpause")} container {container.Id}: {e.Message}", e);
        }
        finally
        {
            container.Operation.Release();
        }

        Publish(freeze ? "pause" : "unpause", container);
    }
}
