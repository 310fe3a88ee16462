using Berth.Engine.Monitors;
using Berth.Monitor;

namespace Berth.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>Sets the size of the container's terminal; nothing happens where it has none.</summary>
    public async Task ResizeAsync(string nameOrId, TerminalSize size, CancellationToken cancellationToken)
    {
        var container = Get(nameOrId);
        var run = container.RunOrRefuse();
        if (!container.Config.Tty)
        {
            return;
        }

        try
        {
            await run.Monitor.ResizeAsync(size, cancellationToken: cancellationToken);
            Publish("resize", container, ("height", $"{size.Rows}"), ("width", $"{size.Columns}"));
        }
        catch (MonitorFailureException e)
        {
            if (await run.IsOverAsync(_time))
            {
                throw ContainerErrors.NotRunning(container.Id);
            }

            throw new EngineException(ErrorKind.System, $"cannot resize container {container.Id}: {e.Message}", e);
        }
    }
}
