using System.Text.Json.Serialization;

namespace Berth.Oci.Runtime;

/// <summary>How the documents of the OCI runtime specification are read and written.</summary>
/// <remarks>Metadata only: the faster way of writing keeps every property's name encoded in static fields, in each monitor.</remarks>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OciSpec))]
[JsonSerializable(typeof(OciProcess))]
[JsonSerializable(typeof(OciState))]
[JsonSerializable(typeof(OciResources))]
[JsonSerializable(typeof(OciSeccomp))]
public sealed partial class OciRuntimeJson : JsonSerializerContext;
