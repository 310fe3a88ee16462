using System.Text.Json.Serialization;

namespace Berth.Api.Images;

/// <summary>One effect of a removal: a name that was taken away, or an image or layer that is gone.</summary>
public sealed record ImageDeleteItem
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Untagged { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Deleted { get; init; }
}

/// <summary>What a prune removed.</summary>
public sealed record PruneImagesResponse
{
    public IReadOnlyList<ImageDeleteItem>? ImagesDeleted { get; init; }

    /// <summary>Bytes.</summary>
    public long SpaceReclaimed { get; init; }
}
