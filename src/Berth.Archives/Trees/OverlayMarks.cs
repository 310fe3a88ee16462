using System.Text;
using Berth.Linux.Files;

namespace Berth.Archives.Trees;

/// <summary>What overlayfs notes in an upper directory about the layers below.</summary>
public static class OverlayMarks
{
    /// <summary>What the layers below have in this directory is hidden.</summary>
    public static bool IsOpaque(TreeDirectory directory) => directory.AsFile().TryGetAttribute("trusted.overlay.opaque"u8) is [(byte)'y'];

    /// <summary>What is in this directory is elsewhere in the layers below.</summary>
    public static bool IsMoved(TreeDirectory directory) => directory.AsFile().TryGetAttribute("trusted.overlay.redirect"u8) is not null;

    /// <summary>Whether one of an entry's attributes says that a layer below holds what is in it.</summary>
    public static bool IsElsewhere(IReadOnlyList<byte[]> attributes) =>
        attributes.Any(a => a.AsSpan().SequenceEqual("trusted.overlay.redirect"u8) || a.AsSpan().SequenceEqual("trusted.overlay.metacopy"u8));

    /// <summary>
    /// An overlay that noted what it did instead of doing it (redirect_dir, metacopy) wrote to this tree, which is no layer for that.
    /// </summary>
    public static ArchiveException Incomplete(ReadOnlySpan<byte> path) => new(
        $"/{Encoding.UTF8.GetString(path)} lies in a layer below, not in the container's own (an overlay with redirect_dir or metacopy "
        + "moved or changed it): export the container and import that instead");
}
