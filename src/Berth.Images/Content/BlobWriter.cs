using System.Security.Cryptography;
using Berth.Oci;
using Microsoft.Win32.SafeHandles;

namespace Berth.Images.Content;

/// <summary>Writes a blob to a temporary file while its digest is computed.</summary>
public sealed class BlobWriter : IDisposable
{
    private readonly ContentStore _store;
    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private bool _finished;

    internal BlobWriter(ContentStore store, string path)
    {
        _store = store;
        _path = path;
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
    }

    public long Size { get; private set; }

    public void Append(ReadOnlySpan<byte> content)
    {
        RandomAccess.Write(_file, content, Size);
        Size += content.Length;
        _hash.AppendData(content);
    }

    /// <summary>Ends the blob; it is in the store once it is committed.</summary>
    public PendingBlob Finish()
    {
        _finished = true;
        _file.Dispose();
        return new PendingBlob(_store, _path, Digest.FromSha256(_hash.GetHashAndReset()), Size);
    }

    public void Dispose()
    {
        _file.Dispose();
        _hash.Dispose();
        if (!_finished)
        {
            File.Delete(_path);
        }
    }
}
