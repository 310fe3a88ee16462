using System.Globalization;
using Berth.Images;
using Berth.Images.Archives;
using Berth.Images.Layers;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Engine.Images;

/// <summary>How to make an image of a tree.</summary>
/// <param name="Name">The image's name; null: none.</param>
/// <param name="Changes">Dockerfile instructions for the configuration.</param>
/// <param name="Message">The comment of its history.</param>
/// <param name="Platform">Such as linux/arm64; null: this machine's.</param>
public sealed record ImportOptions(ImageReference? Name, IReadOnlyList<string> Changes, string Message, string? Platform);

public sealed partial class ImageService
{
    /// <summary>Makes an image of one layer out of a tar archive, plain or compressed.</summary>
    /// <returns>The image's id.</returns>
    public async Task<Digest> ImportAsync(Stream archive, ImportOptions options, CancellationToken cancellationToken)
    {
        var config = ConfigChanges.Apply(new OciImageConfig(), options.Changes);
        var platform = ImagePlatform.Parse(options.Platform);
        using var lease = BeginStoring();
        try
        {
            var image = await Task.Factory.StartNew(
                () => LayerIngest.Run(archive, _content, _layers, cancellationToken),
                cancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
            var id = await StoreAsync(image, config, platform, options);
            lease.Complete();
            return id;
        }
        catch (ImageStoreException e)
        {
            throw ImageErrors.Invalid(e.Message, e);
        }
    }

    private async Task<Digest> StoreAsync(LayerIngest ingest, OciImageConfig config, OciPlatform platform, ImportOptions options)
    {
        using (ingest)
        {
            var layer = ingest.TakeLayer();
            await _layers.EnsureAsync(layer.DiffId, [], () => layer);
            layer.Dispose();
            ingest.Blob.Commit();
            var created = _time.GetUtcNow();
            var configDescriptor = _content.Write(
                new OciImage
                {
                    Created = created.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture),
                    Architecture = platform.Architecture,
                    Variant = platform.Variant,
                    Os = platform.Os,
                    Comment = options.Message,
                    Config = config,
                    Rootfs = new OciRootFs { DiffIds = [layer.DiffId] },
                    History = [new OciHistory { Created = created, Comment = options.Message }],
                },
                OciImageJson.Default.OciImage,
                MediaTypes.OciConfig);
            var blob = new OciDescriptor
            {
                MediaType = ImageManifest.LayerMediaType(ingest.Compression),
                Digest = ingest.Blob.Digest,
                Size = ingest.Blob.Size,
            };
            var image = ImageManifest.Store(_content, configDescriptor, [blob], []);
            _content.Sync();
            _layers.Sync();
            Update(c => options.Name is { } name
                ? c.With(image.Id, image.Manifest).WithName(name.WithDefaultTag(), image.Id, image.Manifest)
                : c.With(image.Id, image.Manifest));
            Publish("import", image.Id, image.Id.ToString());
            if (options.Name is { } tagged)
            {
                Publish("tag", image.Id, tagged.WithDefaultTag().Familiar);
            }

            return image.Id;
        }
    }
}
