using System.Text.Json.Serialization;

namespace Berth.Api.Containers;

/// <summary>How a client writes its largest request: only that, and so without learning all its types first, which takes milliseconds.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(CreateContainerRequest))]
public sealed partial class ContainerRequestJson : JsonSerializerContext;
