using Berth.Oci;

namespace Berth.Images.Content;

/// <summary>A complete blob that nobody sees yet. Disposed without a commit, it is gone, or waits for the next attempt to fetch it.</summary>
public sealed class PendingBlob : IDisposable
{
    private readonly ContentStore _store;
    private readonly string _path;
    private readonly Lock _gate = new();
    private bool _keep;
    private bool _committed;

    internal PendingBlob(ContentStore store, string path, Digest digest, long size, bool keep)
    {
        _store = store;
        _path = path;
        _keep = keep;
        Digest = digest;
        Size = size;
    }

    public Digest Digest { get; }

    public long Size { get; }

    public Stream Open()
    {
        lock (_gate)
        {
            return new FileStream(
                _committed ? _store.PathOf(Digest) : _path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        }
    }

    /// <summary>Gives the blob its name. Where the store has it already, it has the same content.</summary>
    public void Commit()
    {
        lock (_gate)
        {
            if (!_committed)
            {
                File.Move(_path, _store.PathOf(Digest), overwrite: true);
                _committed = true;
            }
        }
    }

    /// <summary>It is not what it should be: nobody is to go on with it.</summary>
    public void Reject() => _keep = false;

    public void Dispose()
    {
        if (!_committed && !_keep)
        {
            File.Delete(_path);
        }
    }
}
