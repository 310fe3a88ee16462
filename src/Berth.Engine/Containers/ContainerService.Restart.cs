namespace Berth.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>Stops the container, if it runs, and starts it.</summary>
    /// <param name="timeout">Seconds until it is killed; null: the container's own; negative: never.</param>
    /// <param name="signal">Null: the container's own.</param>
    public async Task RestartAsync(string nameOrId, int? timeout, string? signal, CancellationToken cancellationToken)
    {
        var container = Get(nameOrId);
        await container.Operation.WaitAsync(cancellationToken);
        try
        {
            container.Change(r => r with { RestartCount = 0 });
            await RestartLockedAsync(container, timeout, signal, cancellationToken);
        }
        finally
        {
            container.Operation.Release();
        }

        Publish("restart", container);
    }

    /// <summary>Restarts a container whose policy does not bear that it is unhealthy, unless the run has ended by itself.</summary>
    private async Task RestartUnhealthyAsync(Container container, ContainerRun run)
    {
        try
        {
            await container.Operation.WaitAsync(_stopping.Token);
            try
            {
                if (container.Run != run)
                {
                    return;
                }

                ChangeRecorded(container, r => r with { RestartCount = r.RestartCount + 1 });
                await RestartLockedAsync(container, timeout: null, signal: null, _stopping.Token);
            }
            finally
            {
                container.Operation.Release();
            }

            Publish("restart", container);
        }
        catch (Exception e) when (e is EngineException or OperationCanceledException)
        {
            _log.Error("restart of an unhealthy container failed", ("container", container.Id), ("error", e.Message));
        }
    }

    /// <summary>Stops and starts the container; its operation is held.</summary>
    private async Task RestartLockedAsync(Container container, int? timeout, string? signal, CancellationToken cancellationToken)
    {
        container.RefuseDamaged();
        try
        {
            container.Lifecycle.BeginRestart();
            if (container.State.IsRunning)
            {
                await StopAsync(container, timeout, signal, cancellationToken);
                Publish("stop", container);
            }

            await StartLockedAsync(container);
        }
        finally
        {
            container.Lifecycle.EndRestart();
        }
    }
}
