using System.Text.Json.Serialization;
using Berth.Oci;

namespace Berth.Engine.Containers;

/// <summary>How container.json is written; and read, with tolerance for what other releases write.</summary>
[JsonSourceGenerationOptions(
    UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    Converters = [typeof(DigestJsonConverter), typeof(RecordText), typeof(RecordBoolean), typeof(RecordInt32), typeof(RecordInt64), typeof(RecordStatus)])]
[JsonSerializable(typeof(ContainerRecord))]
internal sealed partial class ContainerRecordJson : JsonSerializerContext;
