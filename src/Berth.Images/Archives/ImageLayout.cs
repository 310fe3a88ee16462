using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Images.Archives;

/// <summary>Where things are in an OCI image layout, and how its index names images.</summary>
internal static class ImageLayout
{
    /// <summary>The annotation in which containerd and Docker keep the whole name.</summary>
    public const string ContainerdName = "io.containerd.image.name";

    /// <summary>The annotation that skopeo and podman keep the whole name in, containerd and Docker the tag alone.</summary>
    public const string RefName = "org.opencontainers.image.ref.name";

    public static string PathOf(Digest blob) => $"blobs/{blob.Algorithm}/{blob.Hex}";

    public static string PathOf(OciDescriptor blob) => PathOf(blob.Digest);
}
