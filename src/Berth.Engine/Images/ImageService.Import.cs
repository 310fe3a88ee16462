using System.Globalization;
using System.Net;
using Berth.Api.Images;
using Berth.Engine.Images.Changes;
using Berth.Engine.Images.Transfers;
using Berth.Images;
using Berth.Images.Archives;
using Berth.Images.Layers;
using Berth.Images.Registry;
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
        var platform = ImagePlatform.ParseForNew(options.Platform);
        var created = _time.GetUtcNow();
        var image = new OciImage
        {
            Created = created.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture),
            Architecture = platform.Architecture,
            Variant = platform.Variant,
            Os = platform.Os,
            Comment = options.Message,
            Config = ConfigChanges.Apply(new OciImageConfig(), options.Changes),
            History = [new OciHistory { Created = created, Comment = options.Message }],
        };
        var id = await StoreOneLayerAsync(archive, image, options.Name, cancellationToken);
        Publish("import", id, id.ToString());
        if (options.Name is { } name)
        {
            Publish("tag", id, name.Familiar);
        }

        return id;
    }

    /// <summary>The same of an archive that is fetched.</summary>
    /// <param name="address">Its URL; http where it names no scheme.</param>
    /// <param name="report">Told of the progress, and at the end of the image's id, one call at a time.</param>
    public Task ImportFromAsync(string address, ImportOptions options, Func<ProgressMessage, Task> report, CancellationToken cancellationToken)
    {
        var text = address.Contains("://", StringComparison.Ordinal) ? address : $"http://{address}";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps) || uri.Host.Length == 0)
        {
            throw ImageErrors.Invalid($"{address} is no address that an archive can be fetched from: it begins with http:// or https://");
        }

        return TransferReport.RunAsync(
            report,
            async (progress, token) =>
            {
                await using var archive = await FetchAsync(uri, token);
                progress.Say($"Downloading from {text}");
                archive.Progress = progress.Progress("Importing", null, archive.Size ?? 0);
                progress.Say((await ImportAsync(archive, options, token)).ToString());
            },
            _time,
            cancellationToken);
    }

    private async Task<RemoteArchive> FetchAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            return await RemoteArchive.OpenAsync(address, _registries.Settings, _time, cancellationToken);
        }
        catch (RegistryException e)
        {
            var kind = e.Status switch
            {
                HttpStatusCode.NotFound => ErrorKind.NotFound,
                null when e.InnerException is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => ErrorKind.NotFound,
                HttpStatusCode.Unauthorized => ErrorKind.Unauthorized,
                HttpStatusCode.Forbidden => ErrorKind.Forbidden,
                >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError => ErrorKind.InvalidParameter,
                _ => ErrorKind.System,
            };
            throw new EngineException(kind, e.Message, e);
        }
    }

    /// <summary>Stores and lists an image of one layer.</summary>
    /// <param name="image">Its configuration but for the layer.</param>
    private async Task<Digest> StoreOneLayerAsync(Stream archive, OciImage image, ImageReference? name, CancellationToken cancellationToken)
    {
        using var lease = BeginStoring();
        try
        {
            using var ingest = await Task.Factory.StartNew(
                () => LayerIngest.Run(archive, _content, _layers, cancellationToken),
                cancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
            using var layer = ingest.TakeLayer();
            await _layers.EnsureAsync(layer.DiffId, [], () => layer);
            ingest.Blob.Commit();
            var config = _content.Write(
                image with { Rootfs = new OciRootFs { DiffIds = [layer.DiffId] } }, OciImageJson.Default.OciImage, MediaTypes.OciConfig);
            var blob = new OciDescriptor
            {
                MediaType = ImageManifest.LayerMediaType(ingest.Compression),
                Digest = ingest.Blob.Digest,
                Size = ingest.Blob.Size,
            };
            var stored = ImageManifest.Store(_content, config, [blob], []);
            Update(c => name is null
                ? c.With(stored.Id, stored.Manifest)
                : c.With(stored.Id, stored.Manifest).WithName(name, stored.Id, stored.Manifest));
            lease.Complete();
            return stored.Id;
        }
        catch (ImageStoreException e)
        {
            throw ImageErrors.Invalid(e.Message, e);
        }
    }
}
