using Berth.Engine.Images.Transfers;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Engine.Images;

/// <summary>What Docker's clients are told, spelled as Docker spells it.</summary>
internal static class ImageErrors
{
    public static EngineException NoSuchImage(string nameOrId)
    {
        var shown = ImageReference.TryParse(nameOrId, out var reference) ? reference.WithDefaultTag().Familiar : nameOrId;
        return new(ErrorKind.NotFound, $"No such image: {shown}");
    }

    public static EngineException InvalidReference(string problem) => new(ErrorKind.InvalidParameter, problem);

    public static EngineException Invalid(string problem, Exception? cause = null) => new(ErrorKind.InvalidParameter, problem, cause);

    public static EngineException WrongPlatform(string name, OciPlatform actual, OciPlatform wanted) => new(
        ErrorKind.NotFound,
        $"image with reference {name} was found but its platform ({PlatformChoice.Text(actual)}) does not match the specified platform ({PlatformChoice.Text(wanted)})");

    public static EngineException ReferenceInUse(string name, Digest imageId, ImageUse use) => new(
        ErrorKind.Conflict,
        $"conflict: unable to remove repository reference \"{name}\" (must force) - container {Short(use.ContainerId)} "
        + $"is using its referenced image {Short(imageId)}");

    public static EngineException RunningContainer(Digest imageId, ImageUse use) =>
        Conflict(imageId, "cannot be forced", $"image is being used by running container {Short(use.ContainerId)}");

    public static EngineException StoppedContainer(Digest imageId, ImageUse use) =>
        Conflict(imageId, "must be forced", $"image is being used by stopped container {Short(use.ContainerId)}");

    public static EngineException HasChildren(Digest imageId) => Conflict(imageId, "cannot be forced", "image has dependent child images");

    public static EngineException SeveralReferences(Digest imageId) =>
        Conflict(imageId, "must be forced", "image is referenced in multiple repositories");

    private static EngineException Conflict(Digest imageId, string force, string reason) =>
        new(ErrorKind.Conflict, $"conflict: unable to delete {Short(imageId)} ({force}) - {reason}");

    private static string Short(Digest id) => id.Hex[..12];

    private static string Short(string id) => id[..Math.Min(12, id.Length)];
}
