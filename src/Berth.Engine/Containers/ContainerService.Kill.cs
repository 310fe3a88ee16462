namespace Berth.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>Sends a signal to the container's process. After SIGKILL it returns when the container is recorded as ended.</summary>
    /// <param name="signal">A name or number; null or empty: SIGKILL.</param>
    public async Task KillAsync(string nameOrId, string? signal, CancellationToken cancellationToken)
    {
        var number = string.IsNullOrEmpty(signal) ? StopSignals.Kill : StopSignals.Parse(signal);
        var container = Get(nameOrId);
        if (await TryCancelRestartAsync(container, cancellationToken))
        {
            // There is no process that the signal could be sent to; any says that the container is to stay as it is.
            return;
        }

        if (container.Run is not { } run)
        {
            throw ContainerErrors.CannotKill(nameOrId, container.Id);
        }

        container.Change(r => r with { StoppedByUser = true });
        await SignalAsync(container, run, number);
        if (number == StopSignals.Kill)
        {
            await WaitKilledAsync(container, run);
        }
    }
}
