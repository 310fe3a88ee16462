using System.Text.Json.Serialization;

namespace Berth.Oci.Images;

/// <summary>The machine that an image is for.</summary>
public sealed record OciPlatform
{
    public required string Architecture { get; init; }

    public required string Os { get; init; }

    [JsonPropertyName("os.version")]
    public string? OsVersion { get; init; }

    [JsonPropertyName("os.features")]
    public IReadOnlyList<string>? OsFeatures { get; init; }

    public string? Variant { get; init; }
}
