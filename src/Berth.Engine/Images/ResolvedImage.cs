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

    /// <summary>Directories of the unpacked layers in overlay's order: the top layer first. Empty for an image of no layers.</summary>
    public required IReadOnlyList<string> LowerDirectories { get; init; }
}
