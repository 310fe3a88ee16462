using Berth.Linux.Mounts;

namespace Berth.Engine.Containers;

/// <summary>Makes an overlay of layers as a detached mount: it appears in no mount table unless it is moved somewhere.</summary>
internal static class OverlayMount
{
    /// <summary>
    /// What an overlay that is written to must not do, though some kernels do it by default: a renamed directory would be a note of
    /// where it was, and a file whose mode was changed would be a file without content. Such an upper directory is no layer.
    /// </summary>
    /// <remarks>https://docs.kernel.org/filesystems/overlayfs.html, "redirect_dir", "Metadata only copy up", "Index"</remarks>
    public static IReadOnlyList<KeyValuePair<string, string>> Plain { get; } = [new("redirect_dir", "off"), new("metacopy", "off"), new("index", "off")];

    // An overlay that is only read makes no marks. Those that other overlays left in an upper directory are followed.
    private static readonly KeyValuePair<string, string>[] _reading = [new("redirect_dir", "follow"), new("metacopy", "on"), new("index", "off")];

    /// <param name="layers">The top first.</param>
    /// <param name="upper">The writable layer with its work directory; null: the overlay is read-only.</param>
    public static DetachedMount Make(IReadOnlyList<string> layers, (string Upper, string Work)? upper)
    {
        using var overlay = FileSystem.Open("overlay");
        foreach (var layer in layers)
        {
            overlay.Set("lowerdir+", layer);
        }

        if (upper is { } directories)
        {
            overlay.Set("upperdir", directories.Upper);
            overlay.Set("workdir", directories.Work);
        }

        foreach (var (feature, value) in upper is null ? _reading : Plain)
        {
            overlay.Set(feature, value);
        }

        return overlay.Mount(upper is null ? MountAttributes.ReadOnly : MountAttributes.None);
    }
}
