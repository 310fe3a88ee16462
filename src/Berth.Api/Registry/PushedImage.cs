using System.Text.Json.Serialization;

namespace Berth.Api.Registry;

/// <summary>What the last message of a push carries for programs.</summary>
public sealed record PushedImage(
    [property: JsonPropertyName("Tag")] string Tag,
    [property: JsonPropertyName("Digest")] string Digest,
    [property: JsonPropertyName("Size")] long Size);
