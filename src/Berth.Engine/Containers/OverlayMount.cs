using Berth.Linux.Mounts;

namespace Berth.Engine.Containers;

/// <summary>Makes an overlay of layers as a detached mount: it appears in no mount table unless it is moved somewhere.</summary>
internal static class OverlayMount
{
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

        return overlay.Mount(upper is null ? MountAttributes.ReadOnly : MountAttributes.None);
    }
}
