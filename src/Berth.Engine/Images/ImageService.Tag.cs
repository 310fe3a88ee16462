using Berth.Oci;

namespace Berth.Engine.Images;

public sealed partial class ImageService
{
    /// <summary>Gives an image one more name; another image that had it loses it.</summary>
    public void Tag(string nameOrId, string repository, string tag)
    {
        var name = ParseTarget(repository, tag);
        Digest id = default;
        Update(catalog =>
        {
            var image = Find(catalog, nameOrId);
            id = image.Id;
            return catalog.ByName(name)?.Id == id ? catalog : catalog.WithName(name, id, image.Manifest);
        });
        Publish("tag", id, name.Familiar);
    }

    /// <summary>Parses the name that an image is to have: with a tag, without a digest.</summary>
    public static ImageReference ParseTarget(string repository, string tag)
    {
        if (!ImageReference.TryParse(repository, out var name, out var problem))
        {
            throw ImageErrors.InvalidReference(problem);
        }

        if (name.Digest is not null)
        {
            throw ImageErrors.Invalid("cannot import digest reference");
        }

        if (tag.Length > 0 && !ImageReference.IsTag(tag))
        {
            throw ImageErrors.Invalid("invalid tag format");
        }

        name = tag.Length > 0 ? name.WithTag(tag) : name.WithDefaultTag();
        return name.FamiliarName == "sha256"
            ? throw ImageErrors.Invalid("refusing to create an ambiguous tag using digest algorithm as name")
            : name;
    }
}
