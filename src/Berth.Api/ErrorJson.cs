using System.Text.Json.Serialization;

namespace Berth.Api;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ErrorResponse))]
public sealed partial class ErrorJson : JsonSerializerContext;
