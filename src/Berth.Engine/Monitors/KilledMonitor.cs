using Berth.Engine.Hosts;

namespace Berth.Engine.Monitors;

/// <summary>
/// Clears up after a monitor that was killed: the kernel ends its container, but nobody waits for that, and the cgroup and the
/// runtime's state stay. The runtime's own delete does all of it.
/// </summary>
internal static class KilledMonitor
{
    /// <summary>Returns when nothing of the run is left.</summary>
    /// <exception cref="EngineException">Something is.</exception>
    public static async Task ClearAsync(EngineOptions options, string runtimeRoot, string containerId, TimeProvider time)
    {
        var (exitCode, output) = await HostProgram.RunAsync(options.RuntimePath, ["--root", runtimeRoot, "delete", "--force", containerId], time);
        if (exitCode != 0)
        {
            throw new EngineException(ErrorKind.System, $"cannot clear up after a monitor: {output.Trim()}");
        }
    }
}
