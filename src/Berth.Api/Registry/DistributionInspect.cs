using System.Text.Json.Serialization;

namespace Berth.Api.Registry;

/// <summary>What a registry has under a name.</summary>
public sealed record DistributionInspect(
    [property: JsonPropertyName("Descriptor")] DistributionDescriptor Descriptor,
    [property: JsonPropertyName("Platforms")] IReadOnlyList<DistributionPlatform> Platforms);

public sealed record DistributionDescriptor(
    [property: JsonPropertyName("mediaType")] string MediaType,
    [property: JsonPropertyName("digest")] string Digest,
    [property: JsonPropertyName("size")] long Size);

public sealed record DistributionPlatform
{
    [JsonPropertyName("architecture")]
    public string Architecture { get; init; } = "";

    [JsonPropertyName("os")]
    public string Os { get; init; } = "";

    [JsonPropertyName("os.version")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OsVersion { get; init; }

    [JsonPropertyName("os.features")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? OsFeatures { get; init; }

    [JsonPropertyName("variant")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Variant { get; init; }
}
