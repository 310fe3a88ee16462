using System.Text.Json.Serialization;

namespace Berth.Api.Containers;

/// <summary>How the records of containers and execs are read and written: as Go does it, with names in any case and null as the zero value.</summary>
/// <remarks>The records' properties have setters and not init accessors: the source generator passes every init property to the
/// initializer, and one that is absent in the JSON would lose its default value.</remarks>
[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true,
    Converters = [typeof(GoString), typeof(GoBoolean), typeof(GoInt32), typeof(GoInt64)])]
[JsonSerializable(typeof(CreateContainerRequest))]
[JsonSerializable(typeof(CreateContainerResponse))]
[JsonSerializable(typeof(ContainerConfig))]
[JsonSerializable(typeof(HostConfig))]
[JsonSerializable(typeof(ContainerInspect))]
[JsonSerializable(typeof(IReadOnlyList<ContainerSummary>))]
[JsonSerializable(typeof(WaitResponse))]
[JsonSerializable(typeof(PruneContainersResponse))]
[JsonSerializable(typeof(PruneVolumesResponse))]
[JsonSerializable(typeof(ContainerPathStat))]
[JsonSerializable(typeof(ContainerStats))]
[JsonSerializable(typeof(ContainerTop))]
[JsonSerializable(typeof(UpdateContainerRequest))]
[JsonSerializable(typeof(UpdateContainerResponse))]
[JsonSerializable(typeof(IReadOnlyList<ContainerChange>))]
[JsonSerializable(typeof(CommitResponse))]
[JsonSerializable(typeof(CreateExecRequest))]
[JsonSerializable(typeof(CreateExecResponse))]
[JsonSerializable(typeof(StartExecRequest))]
[JsonSerializable(typeof(ExecInspect))]
public sealed partial class ContainerJson : JsonSerializerContext;
