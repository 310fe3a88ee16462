using System.Text.Json.Serialization;

namespace Berth.Api.Registry;

/// <summary>How the records about registries are read and written.</summary>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AuthConfig))]
[JsonSerializable(typeof(Dictionary<string, AuthConfig>))]
[JsonSerializable(typeof(AuthReply))]
[JsonSerializable(typeof(DistributionInspect))]
[JsonSerializable(typeof(IReadOnlyList<SearchResult>))]
[JsonSerializable(typeof(PushedImage))]
public sealed partial class RegistryJson : JsonSerializerContext;
