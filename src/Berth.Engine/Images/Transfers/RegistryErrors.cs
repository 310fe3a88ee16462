using Berth.Images.Registry;
using Berth.Oci;

namespace Berth.Engine.Images.Transfers;

/// <summary>What Docker's clients are told when a registry refuses, spelled as Docker spells it.</summary>
internal static class RegistryErrors
{
    /// <summary>A pull failed.</summary>
    public static EngineException OfPull(RegistryException error, ImageReference name) => error.Code switch
    {
        "DENIED" => new(
            ErrorKind.NotFound,
            $"pull access denied for {name.FamiliarName}, repository does not exist or may require 'docker login': {error.Message}",
            error),
        "MANIFEST_UNKNOWN" => new(ErrorKind.NotFound, $"manifest for {name.Familiar} not found: {error.Message}", error),
        "NAME_UNKNOWN" => new(ErrorKind.NotFound, $"repository {name.FamiliarName} not found: {error.Message}", error),

        // Not as "unauthorized": of that a client makes a prompt for a password.
        _ => new(ErrorKind.System, error.Message, error),
    };

    /// <summary>Anything else failed.</summary>
    public static EngineException Of(RegistryException error) => new(
        error.Code switch
        {
            "DENIED" => ErrorKind.Forbidden,
            "UNAUTHORIZED" => ErrorKind.Unauthorized,
            "MANIFEST_UNKNOWN" or "NAME_UNKNOWN" => ErrorKind.NotFound,
            _ => ErrorKind.System,
        },
        error.Message,
        error);

    public static EngineException NoPlatform(string platform) =>
        new(ErrorKind.NotFound, $"no matching manifest for {platform} in the manifest list entries");
}
