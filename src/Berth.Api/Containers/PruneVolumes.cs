namespace Berth.Api.Containers;

/// <summary>The answer of POST /volumes/prune.</summary>
public sealed record PruneVolumesResponse
{
    /// <summary>Null where nothing was deleted.</summary>
    public IReadOnlyList<string>? VolumesDeleted { get; set; }

    public long SpaceReclaimed { get; set; }
}
