using Berth.Linux.Processes;
using Berth.Runtime.State;

namespace Berth.Runtime.Containers;

/// <summary>Sends signals to a container's first process.</summary>
internal static class ContainerSignal
{
    /// <returns>False where it has ended.</returns>
    internal static bool Send(ContainerRecord record, int signal)
    {
        using var process = ProcessHandle.TryOpen(record.Pid);

        // Asked after the handle was opened: from then on the number cannot become another's unnoticed.
        return process is not null && ContainerStatus.IsAlive(record) && process.TrySignal(signal);
    }
}
