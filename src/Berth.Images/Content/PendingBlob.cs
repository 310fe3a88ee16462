using Berth.Oci;

namespace Berth.Images.Content;

/// <summary>A complete blob that nobody sees yet. Disposed without a commit, it is gone.</summary>
public sealed class PendingBlob : IDisposable
{
    private readonly ContentStore _store;
    private readonly string _path;
    private bool _committed;

    internal PendingBlob(ContentStore store, string path, Digest digest, long size)
    {
        _store = store;
        _path = path;
        Digest = digest;
        Size = size;
    }

    public Digest Digest { get; }

    public long Size { get; }

    public Stream Open() =>
        new FileStream(_committed ? _store.PathOf(Digest) : _path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);

    /// <summary>Gives the blob its name. Where the store has it already, it has the same content.</summary>
    public void Commit()
    {
        if (!_committed)
        {
            File.Move(_path, _store.PathOf(Digest), overwrite: true);
            _committed = true;
        }
    }

    public void Dispose()
    {
        if (!_committed)
        {
            File.Delete(_path);
        }
    }
}
