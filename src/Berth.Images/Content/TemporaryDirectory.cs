using Berth.Linux.Files;

namespace Berth.Images.Content;

/// <summary>
/// Where a store builds what is not yet to be seen: <c>tmp/RUN/</c>, on the store's file system. Each run of the program has its
/// own, so that what is left of others can be removed at any time.
/// </summary>
internal sealed class TemporaryDirectory
{
    private readonly string _all;
    private readonly string _ours;

    public TemporaryDirectory(string storeRoot)
    {
        _all = Path.Combine(storeRoot, "tmp");
        _ours = Path.Combine(_all, Path.GetRandomFileName());
        Directory.CreateDirectory(_all, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.CreateDirectory(_ours);
    }

    public string NewPath() => Path.Combine(_ours, Path.GetRandomFileName());

    /// <summary>
    /// What is built here is large and each thing is for itself. On ext4 they then come into different groups of inodes: threads that
    /// make files do not wait for each other, and none searches where thousands were just removed.
    /// </summary>
    public void Spread()
    {
        using var directory = TreeDirectory.Open(_ours);
        directory.SpreadDirectories();
    }

    public void Collect()
    {
        foreach (var run in Directory.EnumerateDirectories(_all).Where(run => run != _ours))
        {
            TreeRemoval.Remove(run);
        }
    }
}
