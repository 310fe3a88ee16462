using Berth.Linux;
using Berth.Linux.Files;

namespace Berth.Images.Layers;

/// <summary>
/// Directories that a layer's archive uses without describing them. In a stack they are the directories of the layers below, so they
/// get those' owner, mode, times and attributes; otherwise overlay would show a directory as changed that nobody changed.
/// </summary>
internal static class ImplicitDirectories
{
    /// <param name="below">Directories of the layers below, the nearest first.</param>
    public static void Complete(string diff, IReadOnlyList<byte[]> paths, IReadOnlyList<string> below)
    {
        if (paths.Count == 0 || below.Count == 0)
        {
            return;
        }

        using var root = TreeDirectory.Open(diff);
        foreach (var path in paths)
        {
            using var made = root.TryOpenBelow(path);
            using var original = FindBelow(path, below);
            if (made is not null && original is not null)
            {
                Copy(original, made);
            }
        }
    }

    private static TreeDirectory? FindBelow(byte[] path, IReadOnlyList<string> below)
    {
        foreach (var layer in below)
        {
            using var root = TreeDirectory.Open(layer);
            if (root.TryOpenBelow(path) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static void Copy(TreeDirectory from, TreeDirectory to)
    {
        var status = from.Status();
        var source = from.AsFile();
        var file = to.AsFile();
        file.SetOwner(status.User, status.Group);
        file.SetMode(status.Permissions);
        foreach (var name in source.AttributeNames().Where(n => !n.AsSpan().StartsWith("trusted.overlay."u8)))
        {
            if (source.TryGetAttribute(name) is { } value
                && file.TrySetAttribute(name, value) is not (Errno.None or Errno.EOPNOTSUPP or Errno.EPERM) and var error)
            {
                throw new LinuxException("fsetxattr", error);
            }
        }

        file.SetTimes(status.Modified, status.Modified);
    }
}
