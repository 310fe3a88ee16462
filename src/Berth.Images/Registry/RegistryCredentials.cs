namespace Berth.Images.Registry;

/// <summary>What a registry is told of who asks.</summary>
/// <param name="Username">Empty where only a token is known.</param>
/// <param name="Password">Goes to the registry, or to the token server that it names, and nowhere else.</param>
public sealed record RegistryCredentials(string Username, string Password)
{
    /// <summary>A refresh token of an earlier login, in place of a password.</summary>
    public string? IdentityToken { get; init; }

    /// <summary>A bearer token that is sent as it is.</summary>
    public string? RegistryToken { get; init; }

    public bool IsEmpty =>
        Username.Length == 0 && Password.Length == 0 && string.IsNullOrEmpty(IdentityToken) && string.IsNullOrEmpty(RegistryToken);

    /// <summary>Without the secrets.</summary>
    public override string ToString() => $"credentials of {(Username.Length > 0 ? Username : "a token")}";
}
