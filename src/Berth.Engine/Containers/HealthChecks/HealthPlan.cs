using Berth.Api.Containers;

namespace Berth.Engine.Containers.HealthChecks;

/// <summary>What a container's health is checked with, how often, and what the results mean; Docker's defaults where nothing is said.</summary>
internal sealed record HealthPlan
{
    private const int MaxLog = 5;
    private const int DefaultRetries = 3;

    private static readonly TimeSpan _defaultInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _defaultStartInterval = TimeSpan.FromSeconds(5);

    /// <summary>No timer waits for longer.</summary>
    private static readonly TimeSpan _longest = TimeSpan.FromDays(49);

    public required IReadOnlyList<string> Command { get; init; }

    public required TimeSpan Interval { get; init; }

    public required TimeSpan StartInterval { get; init; }

    public required TimeSpan StartPeriod { get; init; }

    public required TimeSpan Timeout { get; init; }

    public required int Retries { get; init; }

    /// <returns>Null where nothing is checked.</returns>
    public static HealthPlan? Of(ContainerConfig config) => config.Healthcheck is { } health && CommandOf(health.Test, config.Shell) is { } command
        ? new HealthPlan
        {
            Command = command,
            Interval = Span(health.Interval, _defaultInterval),
            StartInterval = Span(health.StartInterval, _defaultStartInterval),
            StartPeriod = Span(health.StartPeriod, TimeSpan.Zero),
            Timeout = Span(health.Timeout, _defaultInterval),
            Retries = health.Retries > 0 ? health.Retries : DefaultRetries,
        }
        : null;

    /// <summary>How long to wait for the next check.</summary>
    /// <param name="health">What is known.</param>
    /// <param name="running">How long the container has run.</param>
    public TimeSpan Wait(HealthState health, TimeSpan running) =>
        health.Status == HealthState.Starting && running < StartPeriod ? StartInterval : Interval;

    /// <summary>What is known after one more check. While the container starts a failure does not count.</summary>
    public HealthState After(HealthState before, HealthProbe probe, DateTimeOffset startedAt)
    {
        IReadOnlyList<HealthProbe> log = [.. before.Log.Skip(Math.Max(0, before.Log.Count + 1 - MaxLog)), probe];
        if (probe.ExitCode == 0)
        {
            return new HealthState { Status = HealthState.Healthy, Log = log };
        }

        var starting = before.Status == HealthState.Starting && probe.Start - startedAt < StartPeriod;
        var streak = starting ? before.FailingStreak : before.FailingStreak + 1;
        return new HealthState { Status = streak >= Retries ? HealthState.Unhealthy : before.Status, FailingStreak = streak, Log = log };
    }

    private static IReadOnlyList<string>? CommandOf(IReadOnlyList<string>? test, IReadOnlyList<string>? shell) => test switch
    {
        ["CMD", _, ..] => [.. test.Skip(1)],
        ["CMD-SHELL", _, ..] => [.. shell is null or [] ? ["/bin/sh", "-c"] : shell, .. test.Skip(1)],
        _ => null,
    };

    private static TimeSpan Span(long nanoseconds, TimeSpan otherwise)
    {
        var span = nanoseconds == 0 ? otherwise : TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
        return span < _longest ? span : _longest;
    }
}
