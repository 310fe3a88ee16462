using System.Text.Json.Serialization;

namespace Berth.Api.Containers;

/// <summary>What is at a path of a container: the header X-Docker-Container-Path-Stat, in Base64.</summary>
public sealed record ContainerPathStat
{
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    [JsonPropertyName("size")]
    public long Size { get; set; }

    /// <summary>As Go's os.FileMode.</summary>
    [JsonPropertyName("mode")]
    public uint Mode { get; set; }

    [JsonPropertyName("mtime")]
    public string Mtime { get; set; } = "";

    /// <summary>Where a link leads, from the container's root; empty for what is no link.</summary>
    [JsonPropertyName("linkTarget")]
    public string LinkTarget { get; set; } = "";

    [JsonIgnore]
    public bool IsDirectory => (Mode & (1u << 31)) != 0;

    [JsonIgnore]
    public bool IsLink => (Mode & (1u << 27)) != 0;
}
