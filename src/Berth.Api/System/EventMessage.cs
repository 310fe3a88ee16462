using System.Text.Json.Serialization;

namespace Berth.Api.System;

/// <summary>One line of GET /events.</summary>
public sealed record EventMessage
{
    /// <summary>The action again, for clients older than <see cref="Action"/>; of containers and images only.</summary>
    [JsonPropertyName("status"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Status { get; init; }

    /// <summary>The actor's id again; of containers and images only.</summary>
    [JsonPropertyName("id"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Id { get; init; }

    /// <summary>The image's name; of containers only.</summary>
    [JsonPropertyName("from"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? From { get; init; }

    public required string Type { get; init; }

    public required string Action { get; init; }

    public required EventActor Actor { get; init; }

    [JsonPropertyName("scope")]
    public string Scope { get; init; } = "local";

    /// <summary>Seconds since the epoch.</summary>
    [JsonPropertyName("time")]
    public required long Time { get; init; }

    /// <summary>Nanoseconds since the epoch.</summary>
    [JsonPropertyName("timeNano")]
    public required long TimeNano { get; init; }
}

/// <summary>What an event happened to.</summary>
public sealed record EventActor(string ID, IReadOnlyDictionary<string, string> Attributes);
