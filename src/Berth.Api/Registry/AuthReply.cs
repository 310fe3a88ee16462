using System.Text.Json.Serialization;

namespace Berth.Api.Registry;

/// <summary>The answer to a login that succeeded.</summary>
public sealed record AuthReply(
    [property: JsonPropertyName("Status")] string Status,
    [property: JsonPropertyName("IdentityToken")] string IdentityToken);
