using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Berth.Images.Streams;
using Berth.Linux.Files;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Images.Content;

/// <summary>
/// Blobs by digest and the list of images, as an OCI image layout on disk
/// (https://github.com/opencontainers/image-spec/blob/main/image-layout.md), so that other tools can read it.
/// </summary>
/// <remarks>
/// A blob gets its name only after its digest was checked, and without waiting for the disk: what may not be there yet is told by
/// <see cref="Unsynced"/>. What a killed process left behind lies in <c>tmp</c> until <see cref="CollectTemporary"/>.
/// </remarks>
public sealed class ContentStore
{
    // A manifest or configuration that is larger is an attack on the memory of whoever reads it; registries draw the line here too.
    private const long DocumentSizeMax = 4 << 20;

    private readonly string _root;
    private readonly TemporaryDirectory _temporary;
    private readonly SyncRecord _record;

    public ContentStore(string root)
    {
        _root = root;
        _temporary = new TemporaryDirectory(root);
        var blobs = Path.Combine(root, "blobs", "sha256");
        Directory.CreateDirectory(blobs);
        _record = new SyncRecord(blobs, Path.Combine(root, "synced"));
        Directory.CreateDirectory(PartialDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var layout = Path.Combine(root, "oci-layout");
        if (!File.Exists(layout))
        {
            Replace(layout, OciDocument.ToBytes(new OciLayout(), OciImageJson.Default.OciLayout));
        }
    }

    // What is fetched lies here until the image that needs it is complete.
    private string PartialDirectory => Path.Combine(_root, "partial");

    private string IndexPath => Path.Combine(_root, "index.json");

    // The index as it was last brought to the disk.
    private string SyncedIndexPath => Path.Combine(_root, "index.synced.json");

    /// <summary>No power failure can have happened since the store was seen to be good.</summary>
    public bool IsOfThisBoot => _record.IsOfThisBoot;

    /// <summary>Says that what may have been damaged was looked at, and what was damaged removed.</summary>
    public void BeginBoot() => _record.BeginBoot();

    public bool Exists(Digest digest) => File.Exists(PathOf(digest));

    /// <summary>How many bytes the file system has room for.</summary>
    public long FreeSpace => new DriveInfo(_root).AvailableFreeSpace;

    public long SizeOf(Digest digest) => new FileInfo(PathOf(digest)).Length;

    /// <exception cref="ImageStoreException">The blob is not in the store.</exception>
    public FileStream Open(Digest digest)
    {
        try
        {
            return new FileStream(PathOf(digest), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ImageStoreException($"blob {digest} is not in the store", e);
        }
    }

    /// <summary>Reads a manifest, index or configuration.</summary>
    public T Read<T>(Digest digest, JsonTypeInfo<T> type)
    {
        using var blob = OpenDocument(digest);
        try
        {
            return JsonSerializer.Deserialize(blob, type) ?? throw new ImageStoreException($"{digest} is null");
        }
        catch (JsonException e)
        {
            throw new ImageStoreException($"{digest} is not a valid document: {JsonFault.Describe(e)}", e);
        }
    }

    /// <summary>
    /// The content of index.json; an empty list where there is none yet. One that a power failure destroyed is as it was when it was
    /// last brought to the disk.
    /// </summary>
    public OciIndex ReadIndex()
    {
        try
        {
            return ReadIndex(IndexPath) ?? new OciIndex { MediaType = MediaTypes.OciIndex, Manifests = [] };
        }
        catch (ImageStoreException) when (!IsOfThisBoot && File.Exists(SyncedIndexPath))
        {
            return ReadIndex(SyncedIndexPath)!;
        }
    }

    /// <summary>Replaces index.json in one step.</summary>
    public void WriteIndex(OciIndex index) =>
        Replace(IndexPath, OciDocument.ToBytes(index, OciImageJson.Default.OciIndex));

    /// <summary>Receives a blob whose digest is known only at its end.</summary>
    public BlobWriter Write() => new(this, _temporary.NewPath());

    /// <summary>
    /// Receives a blob that another machine has, from where the last attempt to fetch it ended; what comes is kept for the next one.
    /// One writer for each digest at a time.
    /// </summary>
    public BlobWriter Resume(Digest digest, TimeProvider time)
    {
        var path = Path.Combine(PartialDirectory, $"{digest.Algorithm}-{digest.Hex}");
        var writer = new BlobWriter(this, path, keep: true);
        writer.Touch(time);
        return writer;
    }

    /// <summary>Stores a document that was made here.</summary>
    public OciDescriptor Write<T>(T document, JsonTypeInfo<T> type, string mediaType) =>
        Write(OciDocument.ToBytes(document, type), mediaType);

    /// <summary>Stores a document that came as it is.</summary>
    public OciDescriptor Write(ReadOnlySpan<byte> document, string mediaType)
    {
        using var writer = Write();
        writer.Append(document);
        using var blob = writer.Finish();
        blob.Commit();
        return new OciDescriptor { MediaType = mediaType, Digest = blob.Digest, Size = blob.Size };
    }

    /// <summary>All blobs that are there.</summary>
    public IEnumerable<Digest> List() =>
        Directory.EnumerateDirectories(Path.Combine(_root, "blobs")).SelectMany(Directory.EnumerateFiles)
            .Select(f => Digest.TryParse($"{Path.GetFileName(Path.GetDirectoryName(f))}:{Path.GetFileName(f)}", out var digest) ? digest : default)
            .Where(d => !d.IsDefault);

    /// <summary>Removes a blob; one that is not there is no error.</summary>
    public void Remove(Digest digest) => File.Delete(PathOf(digest));

    /// <summary>Takes a blob that no image needs out of sight; freeing a large one takes long.</summary>
    /// <returns>What is to be deleted; null where there is no such blob.</returns>
    public string? Detach(Digest digest)
    {
        var detached = _temporary.NewPath();
        try
        {
            File.Move(PathOf(digest), detached);
            return detached;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The blobs that a power failure may have damaged, or may damage if it comes now.</summary>
    public IReadOnlyList<Digest> Unsynced() => _record.Unsynced();

    /// <summary>Whether a blob is what its digest says; false also where it is not there.</summary>
    public bool Verify(Digest digest)
    {
        if (!Exists(digest))
        {
            return false;
        }

        using var content = new DigestingStream(Open(digest));
        return content.Finish() == digest;
    }

    /// <summary>Brings every blob that was committed, and the index, to the disk.</summary>
    public void Sync()
    {
        // A second name for the index that is there now: the sync makes that one durable, and not one that replaces it meanwhile.
        string? index = null;
        if (File.Exists(IndexPath))
        {
            index = _temporary.NewPath();
            using var root = TreeDirectory.Open(_root);
            using var temporary = TreeDirectory.Open(Path.GetDirectoryName(index)!);
            temporary.TryMakeHardLink(Encoding.UTF8.GetBytes(Path.GetFileName(index)), root, "index.json"u8);
        }

        _record.Sync();
        if (index is not null)
        {
            File.Move(index, SyncedIndexPath, overwrite: true);
        }
    }

    /// <summary>Removes what processes before this one left unfinished.</summary>
    public void CollectTemporary() => _temporary.Collect();

    /// <summary>Removes what was fetched in part and asked for by nobody for as long as this.</summary>
    public void CollectPartial(TimeSpan age, TimeProvider time)
    {
        var limit = time.GetUtcNow() - age;
        foreach (var file in Directory.EnumerateFiles(PartialDirectory).Where(f => File.GetLastWriteTimeUtc(f) < limit.UtcDateTime))
        {
            File.Delete(file);
        }
    }

    internal string PathOf(Digest digest) => Path.Combine(_root, "blobs", digest.Algorithm, digest.Hex);

    private FileStream OpenDocument(Digest digest)
    {
        var blob = Open(digest);
        if (blob.Length > DocumentSizeMax)
        {
            var length = blob.Length;
            blob.Dispose();
            throw new ImageStoreException($"{digest} is too large for a document: {length} bytes");
        }

        return blob;
    }

    private static OciIndex? ReadIndex(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), OciImageJson.Default.OciIndex)
                ?? throw new ImageStoreException($"{path} is null");
        }
        catch (JsonException e)
        {
            throw new ImageStoreException($"{path} is not a valid index: {JsonFault.Describe(e)}", e);
        }
    }

    private void Replace(string path, byte[] content)
    {
        var temporary = _temporary.NewPath();
        File.WriteAllBytes(temporary, content);
        File.Move(temporary, path, overwrite: true);
    }
}
