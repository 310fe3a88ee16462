using System.Text.Json.Serialization;
using Berth.Oci.Images;

namespace Berth.Images.Archives;

/// <summary>One image of a <c>docker save</c> archive, as its manifest.json lists it.</summary>
internal sealed record DockerArchiveImage
{
    [JsonPropertyName("Config")]
    public string? Config { get; init; }

    [JsonPropertyName("RepoTags")]
    public IReadOnlyList<string>? RepoTags { get; init => field = NonNullList.Check(value); }

    /// <summary>Paths of the layers' archives, bottom first.</summary>
    [JsonPropertyName("Layers")]
    public IReadOnlyList<string>? Layers { get; init => field = NonNullList.Check(value); }
}

/// <summary>A layer with its configuration in archives of Docker before 1.10, which have no manifest.json.</summary>
internal sealed record DockerLegacyLayer
{
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    [JsonPropertyName("parent")]
    public string? Parent { get; init; }

    [JsonPropertyName("created")]
    public DateTimeOffset? Created { get; init; }

    [JsonPropertyName("author")]
    public string? Author { get; init; }

    [JsonPropertyName("comment")]
    public string? Comment { get; init; }

    [JsonPropertyName("architecture")]
    public string? Architecture { get; init; }

    [JsonPropertyName("os")]
    public string? Os { get; init; }

    [JsonPropertyName("config")]
    public OciImageConfig? Config { get; init; }

    [JsonPropertyName("container_config")]
    public OciImageConfig? ContainerConfig { get; init; }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(List<DockerArchiveImage>))]
[JsonSerializable(typeof(DockerLegacyLayer))]
[JsonSerializable(typeof(Dictionary<string, Dictionary<string, string>>))]
internal sealed partial class DockerArchiveJson : JsonSerializerContext;
