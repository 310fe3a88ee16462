using System.Text.Json.Serialization;

namespace Berth.Api.Images;

/// <summary>Everything about one image.</summary>
public sealed record ImageInspect
{
    public string Id { get; init; } = "";

    public IReadOnlyList<string> RepoTags { get; init; } = [];

    public IReadOnlyList<string> RepoDigests { get; init; } = [];

    public string Parent { get; init; } = "";

    public string Comment { get; init; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Created { get; init; }

    /// <summary>
    /// Until API 1.44 the configuration of the container that the image was made from. docker-compose 1.29 needs it in every version:
    /// it carries those volumes over to a new container that it finds here.
    /// </summary>
    public ImageConfig? ContainerConfig => Config;

    public string DockerVersion { get; init; } = "";

    public string Author { get; init; } = "";

    public ImageConfig? Config { get; init; }

    public string Architecture { get; init; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Variant { get; init; }

    public string Os { get; init; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OsVersion { get; init; }

    public long Size { get; init; }

    /// <summary>The same as the size; only for clients of API 1.43 and older.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? VirtualSize { get; init; }

    public ImageGraphDriver? GraphDriver { get; init; }

    public ImageRootFs? RootFS { get; init; }

    public ImageMetadata? Metadata { get; init; }
}

/// <summary>Where the layers lie.</summary>
public sealed record ImageGraphDriver(string Name, IReadOnlyDictionary<string, string> Data);

/// <summary>The layers by the digests of their uncompressed archives, bottom first.</summary>
public sealed record ImageRootFs(string Type, IReadOnlyList<string> Layers);

/// <summary>What only this engine knows about an image.</summary>
public sealed record ImageMetadata(string LastTagTime);
