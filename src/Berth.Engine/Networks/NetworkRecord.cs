using System.Text.Json;
using System.Text.Json.Serialization;

namespace Berth.Engine.Networks;

/// <summary>A network as it is kept in networks/ID.json.</summary>
internal sealed record NetworkRecord
{
    /// <summary>The form that this release writes. A higher one comes from a later release.</summary>
    public int Version { get; init; } = 1;

    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>bridge, host or null.</summary>
    public required string Driver { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Address of the bridge with its prefix length, such as 172.30.0.1/16.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? BridgeAddress { get; init; }

    /// <summary>The bridge was made here, not found, and may be removed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool MadeBridge { get; init; }

    /// <summary>What another release knows and this one does not: it is written again as it was read.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

[JsonSourceGenerationOptions(WriteIndented = true, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(NetworkRecord))]
[JsonSerializable(typeof(SandboxNetwork))]
internal sealed partial class NetworkRecordJson : JsonSerializerContext;
