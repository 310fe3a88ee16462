using Berth.Linux.Files;

namespace Berth.Images.Content;

/// <summary>
/// Where a store builds what is not yet to be seen: <c>tmp/RUN/</c>, on the store's file system. Each run of the program has its
/// own, so that what is left of others can be removed at any time. A full disk is no reason not to start: then it is made when it is needed.
/// </summary>
internal sealed class TemporaryDirectory
{
    private readonly string _all;
    private readonly string _ours;
    private readonly Lock _gate = new();
    private bool _isMade;
    private bool _isSpread;

    public TemporaryDirectory(string storeRoot)
    {
        _all = Path.Combine(storeRoot, "tmp");
        _ours = Path.Combine(_all, Path.GetRandomFileName());
        try
        {
            Make();
        }
        catch (IOException)
        {
            // The disk is full. It is made when there is room for what is to lie in it.
        }
    }

    public string NewPath()
    {
        lock (_gate)
        {
            if (!_isMade)
            {
                Make();
                SpreadIfAsked();
            }
        }

        return Path.Combine(_ours, Path.GetRandomFileName());
    }

    /// <summary>A place to which a directory can be moved to be removed there; it needs no directory of its own.</summary>
    public string NewRemovalPath()
    {
        PrivateDirectory.Make(_all);
        return $"{_ours}.{Path.GetRandomFileName()}";
    }

    /// <summary>
    /// What is built here is large and each thing is for itself. On ext4 they then come into different groups of inodes: threads that
    /// make files do not wait for each other, and none searches where thousands were just removed.
    /// </summary>
    public void Spread()
    {
        lock (_gate)
        {
            _isSpread = true;
            if (_isMade)
            {
                SpreadIfAsked();
            }
        }
    }

    public void Collect()
    {
        if (Directory.Exists(_all))
        {
            foreach (var run in Directory.EnumerateDirectories(_all).Where(run => run != _ours && !run.StartsWith(_ours + ".", StringComparison.Ordinal)))
            {
                TreeRemoval.Remove(run);
            }
        }
    }

    private void Make()
    {
        PrivateDirectory.Make(_all);
        PrivateDirectory.Make(_ours);
        _isMade = true;
    }

    private void SpreadIfAsked()
    {
        if (_isSpread)
        {
            using var directory = TreeDirectory.Open(_ours);
            directory.SpreadDirectories();
        }
    }
}
