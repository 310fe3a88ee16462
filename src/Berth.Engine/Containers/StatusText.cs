using System.Globalization;
using Berth.Engine.Containers.HealthChecks;

namespace Berth.Engine.Containers;

/// <summary>A state in the words of the list of containers: "Up 3 minutes", "Exited (0) 2 hours ago".</summary>
public static class StatusText
{
    public static string Of(RunState state, DateTimeOffset now) => state.Status switch
    {
        ContainerStatus.Created => "Created",
        ContainerStatus.Running => $"Up {Since(state.StartedAt, now)}{HealthOf(state.Health)}",
        ContainerStatus.Paused => $"Up {Since(state.StartedAt, now)} (Paused)",
        ContainerStatus.Restarting => $"Restarting ({state.ExitCode}) {Since(state.FinishedAt, now)} ago",
        ContainerStatus.Removing => "Removal In Progress",
        ContainerStatus.Dead => "Dead",
        _ => state.FinishedAt is null ? "" : $"Exited ({state.ExitCode}) {Since(state.FinishedAt, now)} ago",
    };

    private static string HealthOf(HealthState? health) => health?.Status switch
    {
        null => "",
        HealthState.Starting => " (health: starting)",
        var status => $" ({status})",
    };

    private static string Since(DateTimeOffset? then, DateTimeOffset now) => Text(now - (then ?? now));

    /// <summary>go-units' HumanDuration.</summary>
    private static string Text(TimeSpan span)
    {
        var (seconds, minutes, hours) = ((long)span.TotalSeconds, (long)span.TotalMinutes, (long)(span.TotalHours + 0.5));
        return string.Create(CultureInfo.InvariantCulture, $"{seconds switch
        {
            < 1 => "Less than a second",
            1 => "1 second",
            < 60 => $"{seconds} seconds",
            _ => minutes switch
            {
                1 => "About a minute",
                < 60 => $"{minutes} minutes",
                _ => hours switch
                {
                    1 => "About an hour",
                    < 48 => $"{hours} hours",
                    < 24 * 7 * 2 => $"{hours / 24} days",
                    < 24 * 30 * 2 => $"{hours / 24 / 7} weeks",
                    < 24 * 365 * 2 => $"{hours / 24 / 30} months",
                    _ => $"{(long)span.TotalHours / 24 / 365} years",
                },
            },
        }}");
    }
}
