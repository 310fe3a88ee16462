using Berth.Linux;
using Berth.Linux.Processes;

namespace Berth.Engine.Monitors;

/// <summary>
/// Clears up after a monitor that was killed: the kernel ends its container, but nobody waits for that, and the cgroup and the
/// runtime's state stay. The runtime's own delete does all of it.
/// </summary>
internal static class KilledMonitor
{
    private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(5);

    /// <summary>Returns when nothing of the run is left.</summary>
    public static async Task ClearAsync(EngineOptions options, string runtimeRoot, string containerId, TimeProvider time)
    {
        try
        {
            using var process = ChildProcess.Spawn(new SpawnPlan
            {
                Path = options.RuntimePath,
                Arguments = ["berth-runtime", "--root", runtimeRoot, "delete", "--force", containerId],
            });
            while (process.TryReap() is null)
            {
                await Task.Delay(_poll, time);
            }
        }
        catch (LinuxException e)
        {
            throw new EngineException(ErrorKind.System, $"cannot clear up after a monitor: {e.Message}", e);
        }
    }
}
