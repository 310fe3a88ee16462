using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Images.Archives;

/// <summary>An image whose blobs and layers are all in the stores, and which is not yet listed.</summary>
/// <param name="Id">The digest of the configuration.</param>
/// <param name="Manifest">The manifest that leads to it.</param>
/// <param name="Names">The names that the archive gives it.</param>
public sealed record StoredImage(Digest Id, OciDescriptor Manifest, IReadOnlyList<ImageReference> Names);
