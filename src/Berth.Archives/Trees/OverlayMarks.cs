using Berth.Linux.Files;

namespace Berth.Archives.Trees;

/// <summary>What overlayfs notes in an upper directory about the layers below.</summary>
public static class OverlayMarks
{
    /// <summary>What the layers below have in this directory is hidden.</summary>
    public static bool IsOpaque(TreeDirectory directory) => directory.AsFile().TryGetAttribute("trusted.overlay.opaque"u8) is [(byte)'y'];
}
