namespace Berth.Engine.Events;

/// <summary>Something happened to an object of the engine, in the words of Docker's event stream.</summary>
public sealed record EngineEvent
{
    /// <summary>container, image, network, volume, builder or daemon.</summary>
    public required string Type { get; init; }

    /// <summary>Such as create, start, die, exec_start: /bin/sh.</summary>
    public required string Action { get; init; }

    /// <summary>Id (of an image or volume: the name) of the object.</summary>
    public required string ActorId { get; init; }

    /// <summary>Labels and facts about the object, such as name, image and exitCode.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    public required DateTimeOffset Time { get; init; }
}
