using System.Text.Json.Serialization;

namespace Berth.Runtime.State;

/// <summary>How the state is printed: for people too.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(StateReport))]
[JsonSerializable(typeof(List<StateReport>))]
internal sealed partial class StateReportJson : JsonSerializerContext;
