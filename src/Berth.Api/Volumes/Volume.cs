namespace Berth.Api.Volumes;

/// <summary>A volume, as lists and inspect show it.</summary>
public sealed record Volume
{
    public required string CreatedAt { get; init; }

    public string Driver { get; init; } = "local";

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public required string Mountpoint { get; init; }

    public required string Name { get; init; }

    public IReadOnlyDictionary<string, string>? Options { get; init; }

    public string Scope { get; init; } = "local";
}

/// <summary>Response of GET /volumes.</summary>
public sealed record ListVolumesResponse
{
    public IReadOnlyList<Volume> Volumes { get; init; } = [];

    public IReadOnlyList<string>? Warnings { get; init; }
}
