using System.Text.Json;
using System.Text.Json.Serialization;
using Berth.Oci.Runtime;

namespace Berth.Runtime.State;

/// <summary>How state.json is written.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ContainerRecord))]
internal sealed partial class ContainerRecordJson : JsonSerializerContext
{
    /// <summary>A context like Default that is collected with all it has learnt of the types; see <see cref="OciRuntimeJson.Transient"/>.</summary>
    internal static ContainerRecordJson Transient() => new(new JsonSerializerOptions(Default.Options));
}
