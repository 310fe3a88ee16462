using System.Collections.Immutable;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Engine.Images;

/// <summary>An image of the store: its id and the manifests under which it came, by name.</summary>
/// <param name="Id">The digest of the configuration.</param>
/// <param name="Manifest">A manifest that leads to the configuration and the layers.</param>
/// <param name="Names">Canonical names with tag or digest, each with the manifest that it names.</param>
/// <param name="Removed">Removed by its user while a container still needs it: found by id only, until the last use ends.</param>
/// <param name="Parent">The image of the container that it was committed from; its record may be gone.</param>
internal sealed record ImageRecord(
    Digest Id, OciDescriptor Manifest, ImmutableSortedDictionary<string, OciDescriptor> Names, bool Removed = false, Digest? Parent = null)
{
    /// <summary>Every manifest whose blobs this image needs.</summary>
    public IEnumerable<OciDescriptor> Manifests => Names.Values.Prepend(Manifest).DistinctBy(m => m.Digest);

    public IEnumerable<ImageReference> NameList => Names.Keys.Select(ImageReference.Parse);

    public ImageRecord WithoutNames(IEnumerable<ImageReference> names) => this with { Names = Names.RemoveRange(names.Select(ImageCatalog.KeyOf)) };
}
