using Berth.Engine.Containers.Logs;

namespace Berth.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>A container's log, to be written to a client, and whether it is a terminal's.</summary>
    public (LogStream Stream, bool Tty) Logs(string nameOrId, LogQuery query)
    {
        var container = Get(nameOrId);
        if (!Creation.LogDrivers.IsReadable(container.HostConfig.LogConfig))
        {
            throw ContainerErrors.LogsUnreadable();
        }

        return query is { Stdout: false, Stderr: false }
            ? throw ContainerErrors.Invalid("Bad parameters: you must choose at least one stream")
            : (new LogStream(container, query, raw: container.Config.Tty), container.Config.Tty);
    }
}
