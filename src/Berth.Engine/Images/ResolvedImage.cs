using Berth.Engine.Images.Transfers;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Engine.Images;

/// <summary>An image of the store with all that a container needs of it.</summary>
public sealed record ResolvedImage
{
    /// <summary>The digest of the configuration.</summary>
    public required Digest Id { get; init; }

    public required OciImage Image { get; init; }

    /// <summary>What a container starts with; empty where the image says nothing.</summary>
    public OciImageConfig Config => Image.Config ?? new OciImageConfig();

    private OciPlatform Platform => ImagePlatform.Of(Image);

    /// <summary>Directories of the unpacked layers in overlay's order: the top layer first. Empty for an image of no layers.</summary>
    public required IReadOnlyList<string> LowerDirectories { get; init; }

    /// <summary>Refuses an image that is not for the platform that was asked for; clients then pull the one that is.</summary>
    /// <param name="name">The image's, as it was given.</param>
    /// <param name="wanted">Null: any will do.</param>
    internal void CheckPlatform(string name, OciPlatform? wanted)
    {
        if (wanted is not null && !IsFor(wanted))
        {
            throw ImageErrors.WrongPlatform(name, Platform, wanted);
        }
    }

    /// <summary>What to tell a user who asked for no platform, where this machine's is another one; null where it fits.</summary>
    internal string? PlatformWarning => IsFor(ImagePlatform.Ours)
        ? null
        : $"The requested image's platform ({PlatformChoice.Text(Platform)}) does not match the detected host platform "
            + $"({PlatformChoice.Text(ImagePlatform.Ours)}) and no specific platform was requested";

    /// <summary>One that does not say what it is for may be for anything.</summary>
    private bool IsFor(OciPlatform machine) => Image.Architecture.Length == 0 || PlatformChoice.Runs(machine, Platform);
}
