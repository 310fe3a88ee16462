using System.Globalization;
using System.IO.Compression;
using Berth.Images.Content;
using Berth.Linux.Files;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Images.Registry;

/// <summary>
/// The compressed form of layers that lie in the store as they were imported or loaded: uncompressed. Registries get this one, as
/// from Docker. Only its digest is kept, so that the next push knows without compressing whether it is there already.
/// </summary>
/// <param name="directory">Where the digests are kept, one file for each layer.</param>
public sealed class CompressedLayers(ContentStore content, string directory)
{
    public static bool IsUncompressed(OciDescriptor layer) => layer.MediaType is MediaTypes.OciLayer or MediaTypes.DockerLayer;

    /// <summary>What a layer is once it is compressed; null where nobody has compressed it yet.</summary>
    public OciDescriptor? Find(OciDescriptor layer)
    {
        try
        {
            return File.ReadAllText(NoteOf(layer)).Split(' ') is [var digest, var size]
                && Digest.TryParse(digest, out var known) && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                    ? Describe(layer, known, length)
                    : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Compresses a layer to a temporary file, which is gone when the result is disposed. For threads of their own.</summary>
    /// <param name="progress">Told how many bytes of the layer are done.</param>
    public PendingBlob Compress(OciDescriptor layer, Action<long> progress, CancellationToken cancellationToken)
    {
        using var source = content.Open(layer.Digest);
        using var writer = content.Write();
        using (var gzip = new GZipStream(new BlobStream(writer), CompressionLevel.Optimal))
        {
            var buffer = new byte[128 << 10];
            for (long done = 0; source.Read(buffer) is var count and > 0; progress(done))
            {
                cancellationToken.ThrowIfCancellationRequested();
                gzip.Write(buffer, 0, count);
                done += count;
            }
        }

        var blob = writer.Finish();
        Directory.CreateDirectory(directory);
        File.WriteAllText(NoteOf(layer), string.Create(CultureInfo.InvariantCulture, $"{blob.Digest} {blob.Size}"));
        return blob;
    }

    public static OciDescriptor Describe(OciDescriptor layer, Digest digest, long size) => layer with
    {
        MediaType = layer.MediaType == MediaTypes.DockerLayer ? MediaTypes.DockerLayerGzip : MediaTypes.OciLayerGzip,
        Digest = digest,
        Size = size,
    };

    /// <summary>Forgets layers that the store has no longer.</summary>
    public void Collect()
    {
        if (!Directory.Exists(directory))
        {
            return;
        }

        foreach (var note in Directory.EnumerateFiles(directory))
        {
            if (!Digest.TryParse($"sha256:{Path.GetFileName(note)}", out var layer) || !content.Exists(layer))
            {
                File.Delete(note);
            }
        }
    }

    private string NoteOf(OciDescriptor layer) => Path.Combine(directory, layer.Digest.Hex);

    /// <summary>Writes to a blob.</summary>
    private sealed class BlobStream(BlobWriter writer) : SequentialStream
    {
        public override bool CanRead => false;

        public override bool CanWrite => true;

        public override void Write(ReadOnlySpan<byte> buffer) => writer.Append(buffer);
    }
}
