using System.Text.Json.Serialization;

namespace Berth.Api.Networks;

/// <summary>How the records of networks are read and written.</summary>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(NetworkInspect))]
[JsonSerializable(typeof(IReadOnlyList<NetworkInspect>))]
[JsonSerializable(typeof(PruneNetworksResponse))]
public sealed partial class NetworkJson : JsonSerializerContext;
