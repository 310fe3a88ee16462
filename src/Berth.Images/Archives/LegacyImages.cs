using System.Globalization;
using Berth.Images.Content;
using Berth.Images.Layers;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Images.Archives;

/// <summary>
/// The images of an archive of Docker before 1.10: each layer is a directory with its configuration and its parent's id, and the
/// file <c>repositories</c> names the topmost ones. The configuration document that such an image never had is made here.
/// </summary>
internal sealed class LegacyImages(ContentStore content, LayerStore layers, ArchiveFiles files)
{
    public async Task<IReadOnlyList<StoredImage>> StoreAsync(Dictionary<string, Dictionary<string, string>> repositories)
    {
        var named = repositories
            .SelectMany(r => (r.Value ?? []).Select(t => (Name: $"{r.Key}:{t.Key}", Id: t.Value)))
            .GroupBy(t => t.Id, t => t.Name);
        var images = new List<StoredImage>();
        foreach (var image in named)
        {
            images.Add(await StoreAsync(image.Key, [.. image.Select(ImageArchive.ParseName)]));
        }

        return images;
    }

    private async Task<StoredImage> StoreAsync(string id, IReadOnlyList<ImageReference> names)
    {
        var stack = new List<DockerLegacyLayer>();
        for (var next = id; !string.IsNullOrEmpty(next); next = stack[0].Parent)
        {
            if (stack.Count == LayerStore.StackMax)
            {
                throw new ImageStoreException("invalid archive: too many layers");
            }

            var layer = files.ReadDocument($"{next}/json", DockerArchiveJson.Default.DockerLegacyLayer)
                ?? throw new ImageStoreException($"invalid archive: {next}/json is missing");
            stack.Insert(0, layer with { Id = next });
        }

        if (stack.Count == 0)
        {
            throw new ImageStoreException("invalid archive: an image without an id");
        }

        var descriptors = new List<OciDescriptor>();
        var chain = new List<Digest>();
        var diffIds = new List<Digest>();
        foreach (var layer in stack)
        {
            var path = $"{layer.Id}/layer.tar";
            var (digest, size) = files.Store(path);
            descriptors.Add(new OciDescriptor { MediaType = ImageManifest.LayerMediaType(files.CompressionOf(path)), Digest = digest, Size = size });
            using var staged = files.TakeLayer(path);
            diffIds.Add(staged.DiffId);
            var below = chain.ToArray();
            chain = [.. ChainId.OfLayers(diffIds)];
            await layers.EnsureAsync(chain[^1], below, () => staged);
        }

        var top = stack[^1];
        var config = content.Write(
            new OciImage
            {
                Architecture = top.Architecture ?? "amd64",
                Os = top.Os ?? "linux",
                Created = top.Created?.ToString("O", CultureInfo.InvariantCulture),
                Author = top.Author,
                Comment = top.Comment,
                Config = top.Config,
                Rootfs = new OciRootFs { DiffIds = diffIds },
                History = [.. stack.Select(HistoryOf)],
            },
            OciImageJson.Default.OciImage,
            MediaTypes.OciConfig);
        return ImageManifest.Store(content, config, descriptors, names);
    }

    private static OciHistory HistoryOf(DockerLegacyLayer layer) => new()
    {
        Created = layer.Created,
        Author = layer.Author,
        Comment = layer.Comment,
        CreatedBy = string.Join(' ', layer.ContainerConfig?.Cmd ?? []),
    };
}
