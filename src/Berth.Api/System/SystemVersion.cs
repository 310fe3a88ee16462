namespace Berth.Api.System;

/// <summary>Response of GET /version.</summary>
public sealed record SystemVersion
{
    public required PlatformName Platform { get; init; }

    public required IReadOnlyList<ComponentVersion> Components { get; init; }

    public required string Version { get; init; }

    public required string ApiVersion { get; init; }

    public required string MinAPIVersion { get; init; }

    public required string GitCommit { get; init; }

    /// <summary>Docker's name for what the engine was compiled with.</summary>
    public required string GoVersion { get; init; }

    public required string Os { get; init; }

    public required string Arch { get; init; }

    public required string KernelVersion { get; init; }

    public required string BuildTime { get; init; }
}

/// <summary>The product's name.</summary>
public sealed record PlatformName(string Name);

/// <summary>One program of the engine, with facts for people to read.</summary>
public sealed record ComponentVersion(string Name, string Version, IReadOnlyDictionary<string, string> Details);
