using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Berth.Archives.Streams;
using Berth.Archives.Tar;
using Berth.Images.Content;
using Berth.Images.Layers;
using Berth.Oci;

namespace Berth.Images.Archives;

/// <summary>
/// The files of an archive of images, each received once in the archive's order, before anything says what it is: a file that looks
/// like a layer is unpacked while it is stored. Nothing is in the stores until it is asked for; disposed, the rest is gone.
/// </summary>
internal sealed class ArchiveFiles(ContentStore content, LayerStore layers, Func<string, long, Action<long>>? watch) : IDisposable
{
    // Honest archives have four files for each layer at most. Each costs memory and an open temporary file.
    private const int FilesMax = 100_000;
    private const int LinksMax = 16;
    private const long DocumentSizeMax = 4 << 20;

    private readonly Dictionary<string, PendingBlob> _blobs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LayerIngest> _layers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);
    private readonly HashSet<LayerIngest> _taken = [];

    public void Read(TarReader archive, CancellationToken cancellationToken)
    {
        while (archive.Next() is { } entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_blobs.Count + _layers.Count + _links.Count > FilesMax)
            {
                throw new ImageStoreException("invalid archive: too many files");
            }

            var path = Normalize(Encoding.UTF8.GetString(entry.Name));
            switch (entry.Type)
            {
                case TarEntryType.File:
                    Forget(path);
                    Receive(path, entry.Size, archive);
                    break;
                case TarEntryType.SymbolicLink:
                    // Docker writes a layer that several images share once, and links to it.
                    Forget(path);
                    _links[path] = Normalize(Path.Combine(Path.GetDirectoryName(path) ?? "", Encoding.UTF8.GetString(entry.LinkName)));
                    break;
                case TarEntryType.HardLink:
                    Forget(path);
                    _links[path] = Normalize(Encoding.UTF8.GetString(entry.LinkName));
                    break;
                default:
                    break;
            }
        }
    }

    public bool Exists(string path) => Follow(path) is var name && (_blobs.ContainsKey(name) || _layers.ContainsKey(name) || InStore(name) is not null);

    /// <summary>Reads a JSON file; null where the archive has none of this path.</summary>
    public T? ReadDocument<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return ReadDocument(path) is { } document
                ? JsonSerializer.Deserialize(document, type) ?? throw new ImageStoreException($"invalid archive: {path} is null")
                : null;
        }
        catch (JsonException e)
        {
            throw new ImageStoreException($"invalid archive: {path}: {JsonFault.Describe(e)}", e);
        }
    }

    /// <summary>The bytes of a JSON file; null where the archive has none of this path.</summary>
    public byte[]? ReadDocument(string path)
    {
        var name = Follow(path);
        using var file = _blobs.TryGetValue(name, out var blob) ? blob.Open() : InStore(name) is { } digest ? content.Open(digest) : null;
        if (file is null)
        {
            return null;
        }

        var document = new byte[file.Length <= DocumentSizeMax ? file.Length : throw new ImageStoreException($"invalid archive: {path} is too large")];
        file.ReadExactly(document);
        return document;
    }

    /// <summary>Puts a file into the store under its own digest.</summary>
    public (Digest Digest, long Size) Store(string path)
    {
        var name = Follow(path);
        if (_layers.TryGetValue(name, out var layer))
        {
            return Store(layer.Blob);
        }

        return _blobs.TryGetValue(name, out var blob) ? Store(blob)
            : InStore(name) is { } digest ? (digest, content.SizeOf(digest))
            : throw new ImageStoreException($"invalid archive: {path} is missing");
    }

    /// <summary>How a layer's archive is compressed.</summary>
    public Compression CompressionOf(string path)
    {
        var name = Follow(path);
        if (_layers.TryGetValue(name, out var layer))
        {
            return layer.Compression;
        }

        using var file = _blobs.TryGetValue(name, out var blob) ? blob.Open()
            : content.Open(InStore(name) ?? throw new ImageStoreException($"invalid archive: {path} is missing"));
        Span<byte> start = stackalloc byte[Decompression.MagicLength];
        return Decompression.Detect(start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)]);
    }

    /// <summary>The layer of an archive that was put into the store, unpacked now where that was not done while it came.</summary>
    public StagedLayer TakeLayer(string path)
    {
        var name = Follow(path);
        if (_layers.TryGetValue(name, out var layer) && _taken.Add(layer))
        {
            return layer.TakeLayer();
        }

        using var file = content.Open(Store(path).Digest);
        return layers.Unpack(file);
    }

    public void Dispose()
    {
        foreach (var layer in _layers.Values)
        {
            layer.Dispose();
        }

        foreach (var blob in _blobs.Values)
        {
            blob.Dispose();
        }
    }

    private void Receive(string path, long size, TarReader archive)
    {
        using var file = new PeekStream(new TarContent(archive));
        if (InStore(path) is not null)
        {
            // The store's own content is checked; the archive's need not even be read.
            return;
        }

        if (path.EndsWith("/layer.tar", StringComparison.Ordinal) || LooksLikeLayer(file.Peek(TarHeader.BlockSize)))
        {
            _layers[path] = LayerIngest.Run(file, content, layers, ShortId(path) is { } id ? watch?.Invoke(id, size) : null);
            return;
        }

        using var writer = content.Write();
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(64 * 1024);
        while (file.Read(buffer) is > 0 and var count)
        {
            writer.Append(buffer.AsSpan(0, count));
        }

        System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        _blobs[path] = writer.Finish();
    }

    private static bool LooksLikeLayer(ReadOnlySpan<byte> start) =>
        Decompression.Detect(start) is not Compression.None
        || (start.Length == TarHeader.BlockSize && start.Slice(257, 5).SequenceEqual("ustar"u8));

    // The digest or id that is in the name of a layer's file: blobs/sha256/HEX, HEX/layer.tar, HEX.tar.gz.
    private static string? ShortId(string path) =>
        path.Split('/', '.', ':').FirstOrDefault(part => Digest.TryParse($"sha256:{part}", out _))?[..12];

    // Of an image layout: blobs/sha256/HEX, where the store has that blob.
    private Digest? InStore(string path) =>
        path.Split('/') is ["blobs", var algorithm, var hex] && Digest.TryParse($"{algorithm}:{hex}", out var digest) && content.Exists(digest)
            ? digest
            : null;

    private static (Digest Digest, long Size) Store(PendingBlob blob)
    {
        blob.Commit();
        return (blob.Digest, blob.Size);
    }

    private void Forget(string path)
    {
        _links.Remove(path);
        if (_blobs.Remove(path, out var blob))
        {
            blob.Dispose();
        }

        if (_layers.Remove(path, out var layer))
        {
            layer.Dispose();
        }
    }

    private string Follow(string path)
    {
        var name = Normalize(path);
        for (var i = 0; i < LinksMax && _links.TryGetValue(name, out var target); i++)
        {
            name = target;
        }

        return name;
    }

    private static string Normalize(string path)
    {
        var components = new List<string>();
        foreach (var component in path.Split('/'))
        {
            if (component is ".." && components.Count > 0)
            {
                components.RemoveAt(components.Count - 1);
            }
            else if (component is not ("" or "." or ".."))
            {
                components.Add(component);
            }
        }

        return string.Join('/', components);
    }

    /// <summary>The content of the archive's current entry.</summary>
    private sealed class TarContent(TarReader archive) : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer) => archive.ReadContent(buffer);
    }
}
