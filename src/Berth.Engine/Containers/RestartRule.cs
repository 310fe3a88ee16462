using Berth.Api.Containers;

namespace Berth.Engine.Containers;

/// <summary>Whether a restart policy starts a container again.</summary>
internal static class RestartRule
{
    public static bool AfterExit(RestartPolicy policy, int exitCode, int restarts, bool stoppedByUser) =>
        !stoppedByUser && policy.Name switch
        {
            "always" or "unless-stopped" => true,
            "on-failure" => exitCode != 0 && (policy.MaximumRetryCount == 0 || restarts < policy.MaximumRetryCount),
            _ => false,
        };

    /// <summary>After a start of the daemon, for a container that does not run.</summary>
    public static bool AfterDaemonStart(RestartPolicy policy, RunState state, bool stoppedByUser) => state.StartedAt is not null && policy.Name switch
    {
        "always" => true,
        "unless-stopped" => !stoppedByUser,
        "on-failure" => !stoppedByUser && state.ExitCode != 0,
        _ => false,
    };
}
