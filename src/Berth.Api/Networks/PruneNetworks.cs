namespace Berth.Api.Networks;

/// <summary>Answer of <c>POST /networks/prune</c>.</summary>
public sealed record PruneNetworksResponse
{
    /// <summary>Names; null where there were none.</summary>
    public IReadOnlyList<string>? NetworksDeleted { get; init; }
}
