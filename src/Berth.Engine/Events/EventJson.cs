using System.Text.Json.Serialization;

namespace Berth.Engine.Events;

/// <summary>How an event stands in the history: one JSON object a line.</summary>
[JsonSerializable(typeof(EngineEvent))]
internal sealed partial class EventJson : JsonSerializerContext;
