using System.Formats.Tar;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Berth.Images.Content;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Images.Archives;

/// <summary>
/// Writes images as an OCI image layout that also has Docker's manifest.json, as <c>docker save</c> does since 25: old and new
/// Dockers, podman, skopeo and containerd read it. Layers go out as they came in.
/// </summary>
public static class ImageArchiveWriter
{
    private const string RefName = "org.opencontainers.image.ref.name";
    private const string ContainerdName = "io.containerd.image.name";

    public static async Task WriteAsync(
        ContentStore content,
        IReadOnlyList<StoredImage> images,
        Stream archive,
        CancellationToken cancellationToken)
    {
        await using var writer = new TarWriter(archive, TarEntryFormat.Gnu, leaveOpen: true);
        var written = new HashSet<Digest>();
        var listed = new List<DockerArchiveImage>();
        var entries = new List<OciDescriptor>();
        foreach (var image in images)
        {
            var manifest = await content.ReadAsync(image.Manifest.Digest, OciImageJson.Default.OciManifest, cancellationToken);
            foreach (var blob in manifest.Layers.Append(manifest.Config).Append(image.Manifest).Select(b => b.Digest).Where(written.Add))
            {
                await using var file = content.Open(blob);
                await WriteAsync(writer, PathOf(blob), file, cancellationToken);
            }

            listed.Add(new DockerArchiveImage
            {
                Config = PathOf(manifest.Config.Digest),
                RepoTags = [.. image.Names.Select(n => n.Familiar)],
                Layers = [.. manifest.Layers.Select(l => PathOf(l.Digest))],
            });
            entries.AddRange(image.Names.Count == 0 ? [image.Manifest] : image.Names.Select(n => image.Manifest with
            {
                Annotations = new Dictionary<string, string> { [ContainerdName] = n.Canonical, [RefName] = n.Tag ?? "" },
            }));
        }

        var index = new OciIndex { MediaType = MediaTypes.OciIndex, Manifests = entries };
        await WriteAsync(writer, "manifest.json", listed, DockerArchiveJson.Default.ListDockerArchiveImage, cancellationToken);
        await WriteAsync(writer, "index.json", index, OciImageJson.Default.OciIndex, cancellationToken);
        await WriteAsync(writer, "oci-layout", new OciLayout(), OciImageJson.Default.OciLayout, cancellationToken);
    }

    private static async Task WriteAsync<T>(
        TarWriter writer, string path, T document, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(document, type));
        await WriteAsync(writer, path, stream, cancellationToken);
    }

    // Without times: the same images give the same archive. GNU's format has no limit of 8 GB.
    private static Task WriteAsync(TarWriter writer, string path, Stream content, CancellationToken cancellationToken) =>
        writer.WriteEntryAsync(
            new GnuTarEntry(TarEntryType.RegularFile, path) { DataStream = content, ModificationTime = DateTimeOffset.UnixEpoch },
            cancellationToken);

    private static string PathOf(Digest digest) => $"blobs/{digest.Algorithm}/{digest.Hex}";
}
