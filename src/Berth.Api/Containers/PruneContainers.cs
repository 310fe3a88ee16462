namespace Berth.Api.Containers;

/// <summary>Answer of <c>POST /containers/prune</c>.</summary>
public sealed record PruneContainersResponse
{
    /// <summary>Null where nothing was deleted.</summary>
    public IReadOnlyList<string>? ContainersDeleted { get; set; }

    public long SpaceReclaimed { get; set; }
}
