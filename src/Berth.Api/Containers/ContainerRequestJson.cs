using System.Text.Json.Serialization;

namespace Berth.Api.Containers;

/// <summary>How a client writes the requests of <see cref="ContainerJson"/>: only that, and so without learning the types first, which takes milliseconds.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(CreateContainerRequest))]
[JsonSerializable(typeof(CreateExecRequest))]
[JsonSerializable(typeof(StartExecRequest))]
public sealed partial class ContainerRequestJson : JsonSerializerContext;
