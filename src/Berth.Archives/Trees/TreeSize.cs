using Berth.Linux;
using Berth.Linux.Files;

namespace Berth.Archives.Trees;

/// <summary>How many bytes the files of a tree hold.</summary>
public static class TreeSize
{
    private const int DepthMax = 1024;

    /// <summary>The sum of the lengths of the files, one with several names once. Nothing is followed; nothing there is 0.</summary>
    public static long Of(string path)
    {
        try
        {
            using var top = TreeDirectory.Open(path);
            return Of(top, [], 0);
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            return 0;
        }
    }

    private static long Of(TreeDirectory directory, HashSet<(uint Major, uint Minor, ulong Inode)> seen, int depth)
    {
        long size = 0;
        foreach (var name in directory.ReadNames())
        {
            try
            {
                if (directory.TryStatus(name) is not { } status)
                {
                    continue;
                }

                if (status.IsDirectory && depth < DepthMax)
                {
                    using var inner = directory.OpenDirectory(name);
                    size += Of(inner, seen, depth + 1);
                }
                else if (status.IsRegular && (status.Links == 1 || seen.Add(status.Identity)))
                {
                    size += status.Size;
                }
            }
            catch (LinuxException e) when (e.Errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP)
            {
                // Removed or replaced at this moment.
            }
        }

        return size;
    }
}
