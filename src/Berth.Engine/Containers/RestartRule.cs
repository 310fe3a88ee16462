using Berth.Api.Containers;

namespace Berth.Engine.Containers;

/// <summary>Whether a restart policy starts a container again.</summary>
internal static class RestartRule
{
    /// <summary>Beyond Docker: as on-failure, and also when the container's health check finds it unhealthy.</summary>
    public const string OnUnhealthy = "on-unhealthy";

    /// <summary>When a running container turned out to be unhealthy.</summary>
    public static bool WhenUnhealthy(RestartPolicy policy, int restarts) =>
        policy.Name == OnUnhealthy && (policy.MaximumRetryCount == 0 || restarts < policy.MaximumRetryCount);

    public static bool AfterExit(RestartPolicy policy, int exitCode, int restarts, bool stoppedByUser) =>
        !stoppedByUser && policy.Name switch
        {
            "always" or "unless-stopped" => true,
            "on-failure" or OnUnhealthy => exitCode != 0 && (policy.MaximumRetryCount == 0 || restarts < policy.MaximumRetryCount),
            _ => false,
        };

    /// <summary>After a start of the daemon, for a container that does not run.</summary>
    public static bool AfterDaemonStart(RestartPolicy policy, RunState state, int restarts, bool stoppedByUser) => state.StartedAt is not null && policy.Name switch
    {
        "always" => true,
        "unless-stopped" => !stoppedByUser,
        "on-failure" or OnUnhealthy => AfterExit(policy, state.ExitCode, restarts, stoppedByUser),
        _ => false,
    };
}
