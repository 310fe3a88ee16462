namespace Berth.Api.System;

/// <summary>Response of GET /volumes, while the engine keeps no volumes by name.</summary>
public sealed record VolumeList
{
    public IReadOnlyList<string> Volumes { get; init; } = [];

    public IReadOnlyList<string>? Warnings { get; init; }
}
