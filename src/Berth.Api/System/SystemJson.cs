using System.Text.Json.Serialization;

namespace Berth.Api.System;

/// <summary>How the records about the engine itself are read and written.</summary>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(SystemVersion))]
[JsonSerializable(typeof(SystemInfo))]
[JsonSerializable(typeof(EventMessage))]
[JsonSerializable(typeof(DiskUsage))]
[JsonSerializable(typeof(PruneBuildResponse))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
public sealed partial class SystemJson : JsonSerializerContext;
