using Berth.Api.Images;
using Berth.Engine.Images.Transfers;
using Berth.Images;
using Berth.Images.Registry;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Engine.Images;

public sealed partial class ImageService
{
    // How long parts of images wait for the next attempt to pull them.
    private static readonly TimeSpan _partialAge = TimeSpan.FromDays(1);

    /// <summary>Fetches an image from its registry; all tags of a repository where neither tag nor digest is named.</summary>
    /// <param name="platform">Such as linux/arm64; null: this machine's.</param>
    /// <param name="report">Told of the progress, one call at a time.</param>
    public Task PullAsync(
        ImageReference name,
        string? platform,
        RegistryCredentials? credentials,
        Func<ProgressMessage, Task> report,
        CancellationToken cancellationToken)
    {
        var wanted = ImagePlatform.Parse(platform);
        return TransferReport.RunAsync(
            report,
            (progress, token) => HelloImage.IsNamed(name.Canonical)
                ? PullHelloAsync(progress, token)
                : PullAsync(name, wanted, !string.IsNullOrEmpty(platform), credentials, progress, token),
            _time,
            cancellationToken);
    }

    // The next address is tried where one fails, and the last one's failure is told.
    private async Task AtRegistryAsync(
        ImageReference name,
        RegistryCredentials? credentials,
        bool insecure,
        Func<RegistrySession, CancellationToken, Task> action,
        CancellationToken cancellationToken)
    {
        var targets = _registries.TargetsOf(name);
        for (var i = 0; ; i++)
        {
            try
            {
                await action(await _registries.OpenAsync(targets[i] with { Insecure = insecure }, credentials, cancellationToken), cancellationToken);
                return;
            }
            catch (RegistryException) when (i + 1 < targets.Count)
            {
            }
        }
    }

    private async Task PullAsync(
        ImageReference name, OciPlatform platform, bool isAsked, RegistryCredentials? credentials, TransferReport report, CancellationToken cancellationToken)
    {
        try
        {
            await AtRegistryAsync(
                name, credentials, insecure: false, (session, token) => PullAsync(session, name, platform, isAsked, report, token), cancellationToken);
        }
        catch (RegistryException e)
        {
            throw RegistryErrors.OfPull(e, name);
        }
    }

    private async Task PullAsync(
        RegistrySession session, ImageReference name, OciPlatform platform, bool isAsked, TransferReport report, CancellationToken cancellationToken)
    {
        var names = name.IsNameOnly
            ? (await session.GetTagsAsync(cancellationToken)).Select(name.WithTag)
            : [name];
        foreach (var one in names)
        {
            using var lease = BeginStoring();
            try
            {
                var pull = new ImagePull(_content, _layers, _downloads, session, platform, id => Catalog.ById(id) is { Removed: false }, new StoredLayers(this).Find, report);
                var image = await pull.RunAsync(one, cancellationToken);
                var isNew = List(image, one);
                lease.Complete();
                report.Say($"Digest: {image.Digest}");
                report.Say(isNew ? $"Status: Downloaded newer image for {one.Familiar}" : $"Status: Image is up to date for {one.Familiar}");
                Publish("pull", image.Id, one.Familiar);
                if (isAsked && !PlatformChoice.Runs(platform, image.Platform))
                {
                    report.Say($"WARNING: {ImageErrors.WrongPlatform(one.Familiar, image.Platform, platform).Message}");
                }
            }
            catch (Exception e) when (e is ImageStoreException or IOException)
            {
                throw new EngineException(ErrorKind.System, FailureText.Of(e), e);
            }
        }

        _content.CollectPartial(_partialAge, _time);
    }

    /// <summary>The layers of all images by the addresses of their stacks; read once, when the first is asked for.</summary>
    private sealed class StoredLayers(ImageService service)
    {
        private Dictionary<Digest, OciDescriptor>? _byChain;

        public OciDescriptor? Find(Digest chainId) =>
            (_byChain ??= Read()).TryGetValue(chainId, out var layer) && service._content.Exists(layer.Digest) ? layer : null;

        private Dictionary<Digest, OciDescriptor> Read() => service.Catalog.Images
            .Where(service._documents.IsReadable)
            .SelectMany(i => i.Manifests.SelectMany(m => service._documents.ChainIds(i.Id).Zip(service._documents.Manifest(m.Digest).Layers)))
            .GroupBy(l => l.First, l => l.Second)
            .ToDictionary(l => l.Key, l => l.FirstOrDefault(d => service._content.Exists(d.Digest)) ?? l.First());
    }

    // The image gets the tag that was asked for, and the digest that the registry knows it by.
    private bool List(PulledImage image, ImageReference name)
    {
        var isNew = false;
        Update(catalog =>
        {
            isNew = catalog.ByName(name) is not { } before || before.Id != image.Id;
            var listed = catalog.With(image.Id, image.Manifest).WithName(name.WithDigest(image.Digest), image.Id, image.Manifest);
            return name.Digest is null ? listed.WithName(name, image.Id, image.Manifest) : listed;
        });
        return isNew;
    }

    private async Task PullHelloAsync(TransferReport report, CancellationToken cancellationToken)
    {
        report.Say($"Pulling from {HelloImage.Name.Path}", HelloImage.Name.Tag);
        var isNew = await EnsureHelloAsync(cancellationToken);
        var image = Catalog.ByName(HelloImage.Name) ?? throw ImageErrors.NoSuchImage(HelloImage.Name.Familiar);
        report.Say($"Digest: {image.Manifest.Digest}");
        report.Say($"Status: {(isNew ? "Downloaded newer image" : "Image is up to date")} for {HelloImage.Name.Familiar}");
        Publish("pull", image.Id, HelloImage.Name.Familiar);
    }
}
