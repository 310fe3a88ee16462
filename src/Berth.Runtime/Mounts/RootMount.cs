using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Mounts;
using Berth.Oci.Runtime;
using Berth.Runtime.Bundles;
using Berth.Runtime.Processes;

namespace Berth.Runtime.Mounts;

/// <summary>Mounts the container's root at its place in the bundle, inside the container's own mount namespace.</summary>
internal static class RootMount
{
    /// <summary>A first mount with destination "/" is the root itself (see <see cref="OciSpec"/>); it is not among the others.</summary>
    internal static OciMount? Find(OciSpec spec) => spec.Mounts is [{ Destination: "/" } first, ..] ? first : null;

    internal static RootDirectory Make(Bundle bundle)
    {
        RootPropagation.Apply(bundle.Spec, bundle.RootPath);
        using var place = OpenPlace(bundle);
        var mount = Find(bundle.Spec) is { } root ? Overlay(root) : Copy(bundle);
        mount.MoveTo(place.Descriptor);
        return new RootDirectory(mount.Descriptor);
    }

    private static RootDirectory OpenPlace(Bundle bundle)
    {
        try
        {
            return RootDirectory.Open(bundle.RootPath);
        }
        catch (LinuxException e)
        {
            throw StartException.Of("root", e, $"invalid rootfs \"{bundle.RootPath}\": {e.Message}");
        }
    }

    // pivot_root wants a mount point, and one that is not shared.
    private static DetachedMount Copy(Bundle bundle)
    {
        var copy = DetachedMount.Clone(bundle.RootPath, recursive: true);
        copy.SetAttributes(MountAttributes.None, MountAttributes.None, MountPropagation.Private);
        return copy;
    }

    private static DetachedMount Overlay(OciMount mount)
    {
        var options = MountOptions.Parse(mount);
        try
        {
            return FileSystemMount.Make(mount.Type ?? "overlay", mount.Source, options.Data, options.Set);
        }
        catch (LinuxException e)
        {
            throw ContainerMounts.Failure(mount, e);
        }
    }
}
