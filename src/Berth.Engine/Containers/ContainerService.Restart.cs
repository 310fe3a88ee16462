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
            container.RestartUnderWay = true;
            if (container.State.IsRunning)
            {
                await StopAsync(container, timeout, signal);
                Publish("stop", container);
            }

            await StartLockedAsync(container);
        }
        finally
        {
            container.RestartUnderWay = false;
            container.Operation.Release();
        }

        Publish("restart", container);
    }
}
