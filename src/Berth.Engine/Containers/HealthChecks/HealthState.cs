namespace Berth.Engine.Containers.HealthChecks;

/// <summary>How healthy a container is, as far as its checks have told.</summary>
public sealed record HealthState
{
    public const string Starting = "starting";
    public const string Healthy = "healthy";
    public const string Unhealthy = "unhealthy";

    /// <summary>Before the first check.</summary>
    public static HealthState Unknown { get; } = new() { Status = Starting, Log = [] };

    /// <summary>starting, healthy or unhealthy.</summary>
    public required string Status { get; init; }

    /// <summary>How many checks have failed since the last one that did not.</summary>
    public int FailingStreak { get; init; }

    /// <summary>The last five checks, the oldest first.</summary>
    public required IReadOnlyList<HealthProbe> Log { get; init; }
}

/// <summary>One check and what it said.</summary>
/// <param name="ExitCode">The program's; -1 where it did not run, or not in time.</param>
public sealed record HealthProbe(DateTimeOffset Start, DateTimeOffset End, int ExitCode, string Output);
