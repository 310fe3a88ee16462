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

    public void Collect()
    {
        foreach (var run in Directory.EnumerateDirectories(_all).Where(run => run != _ours))
        {
            TreeRemoval.Remove(run);
        }
    }
}
