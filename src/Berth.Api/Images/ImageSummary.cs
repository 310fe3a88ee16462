using System.Text.Json.Serialization;

namespace Berth.Api.Images;

/// <summary>One image in the list of all.</summary>
public sealed record ImageSummary
{
    public string Id { get; init; } = "";

    public string ParentId { get; init; } = "";

    public IReadOnlyList<string>? RepoTags { get; init; }

    public IReadOnlyList<string>? RepoDigests { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public long Created { get; init; }

    public long Size { get; init; }

    /// <summary>-1: not computed.</summary>
    public long SharedSize { get; init; } = -1;

    /// <summary>The same as the size; only for clients of API 1.43 and older.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? VirtualSize { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>-1: not computed.</summary>
    public long Containers { get; init; } = -1;
}
