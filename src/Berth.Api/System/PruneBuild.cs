namespace Berth.Api.System;

/// <summary>Answer of <c>POST /build/prune</c>.</summary>
public sealed record PruneBuildResponse
{
    /// <summary>Ids; null where there were none.</summary>
    public IReadOnlyList<string>? CachesDeleted { get; init; }

    public long SpaceReclaimed { get; init; }
}
