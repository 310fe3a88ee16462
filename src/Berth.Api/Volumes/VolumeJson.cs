using System.Text.Json.Serialization;

namespace Berth.Api.Volumes;

[JsonSerializable(typeof(Volume))]
[JsonSerializable(typeof(ListVolumesResponse))]
public sealed partial class VolumeJson : JsonSerializerContext;
