using System.Text;
using Berth.Linux.Files;

namespace Berth.Archives.Trees;

/// <summary>Names in a tree that do not count as long as there is nothing in them.</summary>
/// <param name="paths">From the tree's top, without a slash at the start.</param>
public sealed class EmptyPlaces(IReadOnlySet<string> paths)
{
    public static EmptyPlaces None { get; } = new(new HashSet<string>());

    /// <summary>Whether an entry is such a place: an empty file, or a directory that holds at most such places.</summary>
    public bool Covers(TreeDirectory parent, byte[] name, TreeStatus status, string path)
    {
        ArgumentNullException.ThrowIfNull(parent);
        if (!paths.Contains(path))
        {
            return false;
        }

        if (!status.IsDirectory)
        {
            return status is { IsRegular: true, Size: 0 };
        }

        using var directory = parent.OpenDirectory(name);
        return directory.ReadNames().All(n =>
            directory.TryStatus(n) is not { } inner || Covers(directory, n, inner, $"{path}/{Encoding.UTF8.GetString(n)}"));
    }
}
