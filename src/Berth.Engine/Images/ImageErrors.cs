using Berth.Oci;

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
}
