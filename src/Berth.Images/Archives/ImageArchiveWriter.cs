using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Berth.Archives.Streams;
using Berth.Archives.Tar;
using Berth.Images.Content;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Images.Archives;

/// <summary>
/// Writes images as an OCI image layout that also has Docker's manifest.json, as <c>docker save</c> does since 25: old and new
/// Dockers, podman, skopeo and containerd read it. Layers go out as they came in.
/// </summary>
public sealed class ImageArchiveWriter
{
    // A file with its header, and what ends an archive; the header of a larger file would be longer.
    private const long FileSizeMax = 8L << 30;

    private readonly ContentStore _content;
    private readonly List<Digest> _blobs;
    private readonly List<(string Path, byte[] Content)> _documents = [];

    /// <summary>Finds what the archive consists of; all of it must stay in the store until it is written.</summary>
    public ImageArchiveWriter(ContentStore content, IReadOnlyList<StoredImage> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        _content = content;
        var blobs = new List<Digest>();
        var listed = new List<DockerArchiveImage>();
        var entries = new List<OciDescriptor>();
        foreach (var image in images)
        {
            var manifest = content.Read(image.Manifest.Digest, OciImageJson.Default.OciManifest);
            blobs.AddRange(manifest.Layers.Append(manifest.Config).Append(image.Manifest).Select(b => b.Digest));
            listed.Add(new DockerArchiveImage
            {
                Config = ImageLayout.PathOf(manifest.Config.Digest),
                RepoTags = [.. image.Names.Select(n => n.Familiar)],
                Layers = [.. manifest.Layers.Select(l => ImageLayout.PathOf(l.Digest))],
            });
            entries.AddRange(image.Names.Count == 0 ? [image.Manifest] : image.Names.Select(n => image.Manifest with
            {
                Annotations = new Dictionary<string, string> { [ImageLayout.ContainerdName] = n.Canonical, [ImageLayout.RefName] = n.Tag ?? "" },
            }));
        }

        _blobs = [.. blobs.Distinct()];
        Add("manifest.json", listed, DockerArchiveJson.Default.ListDockerArchiveImage);
        Add("index.json", new OciIndex { MediaType = MediaTypes.OciIndex, Manifests = entries }, OciImageJson.Default.OciIndex);
        Add("oci-layout", new OciLayout(), OciImageJson.Default.OciLayout);
    }

    /// <summary>The length of the archive; null where it is known only at its end.</summary>
    public long? Length
    {
        get
        {
            var sizes = _blobs.Select(_content.SizeOf).Concat(_documents.Select(d => d.Content.LongLength)).ToList();
            return sizes.TrueForAll(s => s < FileSizeMax)
                ? sizes.Sum(s => TarHeader.BlockSize + ((s + TarHeader.BlockSize - 1) & -TarHeader.BlockSize)) + (2 * TarHeader.BlockSize)
                : null;
        }
    }

    /// <summary>Call it on a thread of its own.</summary>
    public void Write(PipeWriteStream archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        var writer = new TarWriter(archive);
        foreach (var blob in _blobs)
        {
            using var file = _content.Open(blob);
            writer.Write(Entry(ImageLayout.PathOf(blob), file.Length));
            writer.WriteContent(file, archive.CopyFrom);
        }

        foreach (var (path, content) in _documents)
        {
            writer.Write(Entry(path, content.Length));
            writer.WriteContent(content);
        }

        writer.Finish();
        archive.Flush();
    }

    private void Add<T>(string path, T document, JsonTypeInfo<T> type) => _documents.Add((path, JsonSerializer.SerializeToUtf8Bytes(document, type)));

    // Without times: the same images give the same archive.
    private static TarEntry Entry(string path, long size) =>
        new() { Name = Encoding.UTF8.GetBytes(path), Type = TarEntryType.File, Mode = 0x1A4 /* 0644 */, Size = size };
}
