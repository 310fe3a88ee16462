using System.Text.Json.Serialization;
using Berth.Api;
using Berth.Oci;

namespace Berth.Engine.Containers;

/// <summary>How container.json is read and written.</summary>
[JsonSourceGenerationOptions(
    UseStringEnumConverter = true,
    Converters = [typeof(DigestJsonConverter), typeof(GoString), typeof(GoBoolean), typeof(GoInt32), typeof(GoInt64)])]
[JsonSerializable(typeof(ContainerRecord))]
internal sealed partial class ContainerRecordJson : JsonSerializerContext;
