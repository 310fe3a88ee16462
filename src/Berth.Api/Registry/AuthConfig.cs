namespace Berth.Api.Registry;

/// <summary>Who asks a registry: the content of X-Registry-Auth, and the body of a login.</summary>
public sealed record AuthConfig
{
    public string? Username { get; init; }

    public string? Password { get; init; }

    /// <summary>Username and password with a colon between them, in base64.</summary>
    public string? Auth { get; init; }

    public string? ServerAddress { get; init; }

    /// <summary>A refresh token of an earlier login.</summary>
    public string? IdentityToken { get; init; }

    /// <summary>A bearer token for the registry.</summary>
    public string? RegistryToken { get; init; }
}
