using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Images.Content;

/// <summary>
/// Blobs by digest and the list of images, as an OCI image layout on disk
/// (https://github.com/opencontainers/image-spec/blob/main/image-layout.md), so that other tools can read it.
/// </summary>
/// <remarks>
/// A blob gets its name only after its digest was checked. What a killed process left behind lies in <c>tmp</c> and is removed when
/// the store is opened; two processes must therefore not share a store, which the daemon's lock on its data root sees to.
/// </remarks>
public sealed class ContentStore
{
    // A manifest or configuration that is larger is an attack on the memory of whoever reads it; registries draw the line here too.
    private const long DocumentSizeMax = 4 << 20;

    private readonly string _root;

    public ContentStore(string root)
    {
        _root = root;
        TemporaryDirectory = Path.Combine(root, "tmp");
        if (Directory.Exists(TemporaryDirectory))
        {
            Directory.Delete(TemporaryDirectory, recursive: true);
        }

        Directory.CreateDirectory(TemporaryDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.CreateDirectory(Path.Combine(root, "blobs", "sha256"));
        var layout = Path.Combine(root, "oci-layout");
        if (!File.Exists(layout))
        {
            Replace(layout, JsonSerializer.SerializeToUtf8Bytes(new OciLayout(), OciImageJson.Default.OciLayout));
        }
    }

    /// <summary>Where blobs lie until their digest is known; on the file system of the blobs.</summary>
    internal string TemporaryDirectory { get; }

    private string IndexPath => Path.Combine(_root, "index.json");

    public bool Exists(Digest digest) => File.Exists(PathOf(digest));

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
    public async Task<T> ReadAsync<T>(Digest digest, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var blob = OpenDocument(digest);
        try
        {
            return await JsonSerializer.DeserializeAsync(blob, type, cancellationToken)
                ?? throw new ImageStoreException($"{digest} is null");
        }
        catch (JsonException e)
        {
            throw new ImageStoreException($"{digest} is not a valid document: {e.Message}", e);
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
            throw new ImageStoreException($"{digest} is not a valid document: {e.Message}", e);
        }
    }

    /// <summary>The content of index.json; an empty list where there is none yet.</summary>
    public OciIndex ReadIndex()
    {
        if (!File.Exists(IndexPath))
        {
            return new OciIndex { MediaType = MediaTypes.OciIndex, Manifests = [] };
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(IndexPath), OciImageJson.Default.OciIndex)
                ?? throw new ImageStoreException($"{IndexPath} is null");
        }
        catch (JsonException e)
        {
            throw new ImageStoreException($"{IndexPath} is not a valid index: {e.Message}", e);
        }
    }

    /// <summary>Replaces index.json in one step that survives a power failure.</summary>
    public void WriteIndex(OciIndex index) =>
        Replace(IndexPath, JsonSerializer.SerializeToUtf8Bytes(index, OciImageJson.Default.OciIndex));

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

    private void Replace(string path, byte[] content)
    {
        var temporary = Path.Combine(TemporaryDirectory, Path.GetRandomFileName());
        using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
