using Berth.Archives;
using Berth.Archives.Streams;
using Berth.Archives.Tar;
using Berth.Images.Content;
using Berth.Images.Layers;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Images.Archives;

/// <summary>
/// Reads archives of images into the stores: of <c>docker save</c> (with manifest.json, or the <c>repositories</c> of old versions)
/// and OCI image layouts, plain or compressed as a whole.
/// </summary>
public sealed class ImageArchive(ContentStore content, LayerStore layers)
{
    /// <summary>Reads to the end; what it returns is stored but not listed, for the caller to list or to leave to collection.</summary>
    /// <param name="archive">Read on a thread of its own, with calls that wait.</param>
    /// <param name="watch">Asked, with a layer's short id and size, for what is told how many of its bytes were unpacked. Null: nobody wants to know.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ImageStoreException">This is no such archive, or it contradicts itself.</exception>
    public async Task<IReadOnlyList<StoredImage>> LoadAsync(
        Stream archive, Func<string, long, Action<long>>? watch, CancellationToken cancellationToken)
    {
        using var files = new ArchiveFiles(content, layers, watch);
        await Task.Factory.StartNew(
            () => Read(archive, files, cancellationToken),
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        var images = new List<StoredImage>();
        if (files.ReadDocument("manifest.json", DockerArchiveJson.Default.ListDockerArchiveImage) is { } manifests)
        {
            foreach (var manifest in manifests)
            {
                images.Add(await StoreAsync(files, manifest ?? throw new ImageStoreException("invalid archive: manifest.json lists null")));
            }
        }
        else if (files.ReadDocument("index.json", OciImageJson.Default.OciIndex) is { } index)
        {
            images.AddRange(await new LayoutImages(content, layers, files).StoreAsync(index));
        }
        else if (files.ReadDocument("repositories", DockerArchiveJson.Default.DictionaryStringDictionaryStringString) is { } repositories)
        {
            images.AddRange(await new LegacyImages(content, layers, files).StoreAsync(repositories));
        }
        else
        {
            throw new ImageStoreException("invalid archive: does not contain a manifest.json, an index.json or a repositories file");
        }

        return images;
    }

    private static void Read(Stream archive, ArchiveFiles files, CancellationToken cancellationToken)
    {
        var source = new PeekStream(archive);
        try
        {
            using var opened = Decompression.Open(source, Decompression.Detect(source.Peek(Decompression.MagicLength)));
            using var buffered = new PeekStream(opened);
            files.Read(new TarReader(buffered), cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException or ArchiveException)
        {
            throw new ImageStoreException(e.Message, e);
        }
    }

    private async Task<StoredImage> StoreAsync(ArchiveFiles files, DockerArchiveImage listed)
    {
        var configPath = listed.Config ?? throw new ImageStoreException("invalid archive: an image without a configuration");
        var image = files.ReadDocument(configPath, OciImageJson.Default.OciImage)
            ?? throw new ImageStoreException($"invalid archive: {configPath} is missing");
        var names = (listed.RepoTags ?? []).Select(ParseName).ToList();
        var stored = await new ImageLayers(layers, files).StoreAsync(image, listed.Layers ?? []);
        var (digest, size) = files.Store(configPath);
        return ImageManifest.Store(content, new OciDescriptor { MediaType = MediaTypes.OciConfig, Digest = digest, Size = size }, stored, names);
    }

    /// <summary>A name that an archive gives an image; it has a tag.</summary>
    internal static ImageReference ParseName(string text) =>
        ImageReference.TryParse(text, out var name, out var problem) && name.Tag is not null
            ? name
            : throw new ImageStoreException($"invalid tag {text}: {problem ?? "a tag is missing"}");
}
