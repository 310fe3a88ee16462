using System.Text.Json.Serialization;

namespace Berth.Api.Registry;

/// <summary>One repository that a search found.</summary>
public sealed record SearchResult(
    [property: JsonPropertyName("star_count")] int StarCount,
    [property: JsonPropertyName("is_official")] bool IsOfficial,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("is_automated")] bool IsAutomated,
    [property: JsonPropertyName("description")] string Description);
