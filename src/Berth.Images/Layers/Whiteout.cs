using Berth.Linux.Files;

namespace Berth.Images.Layers;

/// <summary>
/// Marks in a layer's archive that something of the layers below is gone
/// (https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts), made into overlayfs's marks.
/// </summary>
internal static class Whiteout
{
    private static ReadOnlySpan<byte> Prefix => ".wh."u8;

    // Names of AUFS's own, in layers of old Dockers: .wh..wh.plnk and the like mean nothing elsewhere.
    private static ReadOnlySpan<byte> ReservedPrefix => ".wh..wh."u8;

    private static ReadOnlySpan<byte> Opaque => ".wh..wh..opq"u8;

    /// <summary>Whether a path lies in a directory of AUFS's own.</summary>
    public static bool IsReserved(ReadOnlySpan<byte> directory) => directory.StartsWith(ReservedPrefix);

    /// <summary>Applies the mark that this name is.</summary>
    /// <returns>False where it is an ordinary name.</returns>
    public static bool TryApply(TreeDirectory directory, ReadOnlySpan<byte> name)
    {
        if (!name.StartsWith(Prefix))
        {
            return false;
        }

        if (name.SequenceEqual(Opaque))
        {
            MakeOpaque(directory);
        }
        else if (!name.StartsWith(ReservedPrefix))
        {
            Hide(directory, name[Prefix.Length..]);
        }

        return true;
    }

    /// <summary>Hides what the layers below have in this directory.</summary>
    public static void MakeOpaque(TreeDirectory directory)
    {
        var error = directory.AsFile().TrySetAttribute("trusted.overlay.opaque"u8, "y"u8);
        if (error is not Linux.Errno.None)
        {
            throw new Linux.LinuxException("fsetxattr", error, "trusted.overlay.opaque");
        }
    }

    // A mark speaks of the layers below only. Where this layer has the name itself, before or after the mark, that one stays.
    private static void Hide(TreeDirectory directory, ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name.SequenceEqual("."u8) || name.SequenceEqual(".."u8))
        {
            throw new ImageStoreException("invalid archive: a whiteout without a name");
        }

        using var mark = directory.TryMakeNode(name, 0x2000 /* S_IFCHR */, 0, 0);
        if (mark is null && directory.TryStatus(name) is { IsDirectory: true })
        {
            using var own = directory.OpenDirectory(name);
            MakeOpaque(own);
        }
    }
}
