using System.Text.Json.Serialization;

namespace Berth.Images.Registry;

/// <summary>What a registry says of a failure.</summary>
internal sealed record RegistryErrorList
{
    [JsonPropertyName("errors")]
    public IReadOnlyList<RegistryError?>? Errors { get; init; }

    /// <summary>What token servers and proxies say instead.</summary>
    [JsonPropertyName("details")]
    public string? Details { get; init; }
}

internal sealed record RegistryError
{
    [JsonPropertyName("code")]
    public string? Code { get; init; }

    [JsonPropertyName("message")]
    public string? Message { get; init; }
}

/// <summary>A token server's answer: the token under one of two names.</summary>
internal sealed record TokenReply
{
    [JsonPropertyName("token")]
    public string? Token { get; init; }

    [JsonPropertyName("access_token")]
    public string? AccessToken { get; init; }

    /// <summary>Seconds.</summary>
    [JsonPropertyName("expires_in")]
    public long ExpiresIn { get; init; }

    [JsonPropertyName("refresh_token")]
    public string? RefreshToken { get; init; }
}

internal sealed record TagList
{
    [JsonPropertyName("tags")]
    public IReadOnlyList<string?>? Tags { get; init; }
}

/// <summary>The answer of a registry's search.</summary>
internal sealed record SearchReply
{
    [JsonPropertyName("results")]
    public IReadOnlyList<RegistrySearchResult?>? Results { get; init; }
}

/// <summary>One repository that a search found.</summary>
public sealed record RegistrySearchResult
{
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("description")]
    public string? Description { get; init; }

    [JsonPropertyName("star_count")]
    public int StarCount { get; init; }

    [JsonPropertyName("is_official")]
    public bool IsOfficial { get; init; }

    [JsonPropertyName("is_automated")]
    public bool IsAutomated { get; init; }
}

[JsonSerializable(typeof(RegistryErrorList))]
[JsonSerializable(typeof(TokenReply))]
[JsonSerializable(typeof(TagList))]
[JsonSerializable(typeof(SearchReply))]
internal sealed partial class RegistryJson : JsonSerializerContext;
