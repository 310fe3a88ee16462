using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Engine.Images.Transfers;

/// <summary>An image that was pulled: all of it is in the stores, and nobody sees it yet.</summary>
/// <param name="Id">The digest of its configuration.</param>
/// <param name="Manifest">Leads to the configuration and the layers.</param>
/// <param name="Digest">What the registry calls it: the digest of the index, where it came out of one.</param>
/// <param name="Platform">What its configuration says that it is for.</param>
internal sealed record PulledImage(Digest Id, OciDescriptor Manifest, Digest Digest, OciPlatform Platform);
