using Berth.Engine.Containers.Logs;

namespace Berth.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>A container's log, open, to be written to a client, and whether it is a terminal's.</summary>
    public async Task<(LogStream Stream, bool Tty)> LogsAsync(string nameOrId, LogQuery query, CancellationToken cancellationToken)
    {
        var container = Get(nameOrId);
        if (!Creation.LogDrivers.IsReadable(container.HostConfig.LogConfig))
        {
            throw ContainerErrors.LogsUnreadable();
        }

        return query is { Stdout: false, Stderr: false }
            ? throw ContainerErrors.Invalid("Bad parameters: you must choose at least one stream")
            : (await LogStream.OpenAsync(container, query, raw: container.Config.Tty, cancellationToken), container.Config.Tty);
    }
}
