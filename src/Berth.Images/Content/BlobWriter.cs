using System.Security.Cryptography;
using Berth.Linux.Files;
using Berth.Oci;
using Microsoft.Win32.SafeHandles;

namespace Berth.Images.Content;

/// <summary>Writes a blob to a temporary file while its digest is computed.</summary>
public sealed class BlobWriter : IDisposable
{
    private readonly ContentStore _store;
    private readonly string _path;
    private readonly bool _keep;
    private readonly SafeFileHandle _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _end;
    private bool _finished;

    /// <param name="keep">What is written stays for the next writer of the same file, who goes on where this one ended.</param>
    internal BlobWriter(ContentStore store, string path, bool keep = false)
    {
        _store = store;
        _path = path;
        _keep = keep;
        _file = keep
            ? File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)
            : File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        Present = RandomAccess.GetLength(_file);
    }

    /// <summary>How many bytes were there before; to be read with <see cref="ReadPresent"/> before any is appended.</summary>
    public long Present { get; }

    public long Size { get; private set; }

    /// <summary>Says that the file is in use: what is old is removed.</summary>
    public void Touch(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        File.SetLastWriteTimeUtc(_file, time.GetUtcNow().UtcDateTime);
    }

    /// <summary>Takes what an earlier writer left; 0 at its end.</summary>
    public int ReadPresent(Span<byte> buffer)
    {
        if (Size >= Present)
        {
            return 0;
        }

        var count = RandomAccess.Read(_file, buffer, Size);
        _hash.AppendData(buffer[..count]);
        Size += count;
        return count;
    }

    public void Append(ReadOnlySpan<byte> content)
    {
        for (var at = 0; at < content.Length;)
        {
            (var start, at) = SparseContent.NextPart(content, at);
            if (start < at)
            {
                RandomAccess.Write(_file, content[start..at], Size + start);
                _end = Size + at;
            }
        }

        Size += content.Length;
        _hash.AppendData(content);
    }

    /// <summary>Ends the blob; it is in the store once it is committed.</summary>
    public PendingBlob Finish()
    {
        if (_end < Size && RandomAccess.GetLength(_file) < Size)
        {
            RandomAccess.SetLength(_file, Size);
        }

        _finished = true;
        _file.Dispose();
        return new PendingBlob(_store, _path, Digest.FromSha256(_hash.GetHashAndReset()), Size, _keep);
    }

    public void Dispose()
    {
        _file.Dispose();
        _hash.Dispose();
        if (!_finished && !_keep)
        {
            File.Delete(_path);
        }
    }
}
